// The service behind the desk: what it is asked for, it makes up.
import { api, APIError } from "tenon/api";

export interface Item {
  id: string;
  name: string;
  tags: string[];
  createdAt: Date;
}

const createdAt = new Date("2026-01-01T00:00:00Z");

export const find = api({ expose: false }, async ({ id }: { id: string }): Promise<Item> => {
  if (id === "gone") throw APIError.notFound("no such item").withDetails({ id });
  return { id, name: "Notebook", tags: ["paper"], createdAt };
});
