// The end of the chain, and the called side of a single call: a handler that does nothing, so that what is measured is the call.
import { api } from "tenon/api";
import type { Item } from "../item.ts";

export const get = api({ expose: false }, async ({ id }: { id: string }): Promise<Item> => {
  return { id, name: "Notebook", priceCents: 900, tags: ["paper", "office"], hops: 1 };
});
