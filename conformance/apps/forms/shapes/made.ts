// Made by functions of this file and, through a barrel, of another.
import { type APIOptions, api } from "tenon/api";
import { listOf, publicApi } from "./lib/index.js";

const get = <Request, Response>(options: APIOptions, handler: (request: Request) => Promise<Response>) =>
  api({ ...options, method: "GET", expose: true }, handler);

export const colors = listOf("colors", async () => ["red", "green"]);

export const sizes = listOf("sizes", async () => [{ name: "small", cm: 10 }]);

export const sum = publicApi(
  { path: "/shapes/sum" },
  async ({ a, b }: { a: number; b: number }): Promise<{ sum: number }> => ({ sum: a + b }),
);

export const half = get(
  { path: "/shapes/half/:of" },
  async ({ of }: { of: number }): Promise<{ half: number }> => ({ half: of / 2 }),
);
