// The called side: a handler that does nothing, so that what is measured is the call.
import { api } from "tenon/api";

export interface Item {
  id: string;
  name: string;
  priceCents: number;
  tags: string[];
  createdAt: Date;
}

const createdAt = new Date("2026-01-01T00:00:00Z");

export const get = api({ expose: false }, async ({ id }: { id: string }): Promise<Item> => {
  return { id, name: "Notebook", priceCents: 900, tags: ["paper", "office"], createdAt };
});
