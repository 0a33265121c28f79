// One link of the chain: asks the next service and counts the hop.
import { api } from "tenon/api";
import { s3 } from "~tenon/clients";
import type { Item } from "../item.ts";

export const get = api({ expose: false }, async ({ id }: { id: string }): Promise<Item> => {
  const item = await s3.get({ id });
  item.hops++;
  return item;
});
