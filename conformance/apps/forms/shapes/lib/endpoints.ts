// Endpoints are made here for other files.
import { api } from "tenon/api";

const prefix = "/shapes/made";

export function listOf<Item>(path: string, load: () => Promise<Item[]>) {
  return api(
    { method: "GET", path: `${prefix}/${path}`, expose: true },
    async (): Promise<{ items: Item[] }> => ({
      items: await load(),
    }),
  );
}

interface Settings {
  readonly path: string;
  readonly method?: "GET" | "POST";
}

export const publicApi = <Request, Response>(
  { path, method = "POST" }: Settings,
  handler: (request: Request) => Promise<Response>,
) => api({ path, method, expose: true }, handler);
