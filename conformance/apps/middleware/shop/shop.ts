import { currentRequest } from "tenon";
import { api, APIError } from "tenon/api";
import { stock } from "~tenon/clients";

interface Item {
  id: string;
  from: string;
}

function trail(): string {
  const request = currentRequest();
  return request?.type === "api-call" ? request.middlewareData?.["trail"].join(",") : "none";
}

export const plain = api(
  { method: "GET", path: "/plain/:id", expose: true },
  async ({ id }: { id: string }): Promise<Item> => {
    return { id, from: trail() };
  },
);

export const remembered = api(
  { method: "GET", path: "/remembered/:id", expose: true, tags: ["remembered"] },
  async ({ id }: { id: string }): Promise<Item> => ({ id, from: "handler" }),
);

export const create = api({ path: "/create", expose: true, tags: ["created"] }, async (): Promise<Item> => {
  return { id: "new", from: "handler" };
});

export const forgiven = api({ path: "/forgiven", expose: true, tags: ["forgiving"] }, async (): Promise<Item> => {
  throw APIError.notFound("nothing there");
});

export const broken = api({ path: "/broken", expose: true, tags: ["broken"] }, async (): Promise<Item> => {
  return { id: "x", from: "handler" };
});

export const viaStock = api({ method: "GET", path: "/via-stock", expose: true }, async () => await stock.level());
