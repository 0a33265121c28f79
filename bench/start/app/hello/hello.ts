// The endpoint whose process is started: as little as an app can have.
import { api } from "tenon/api";

export const hello = api(
  { method: "GET", path: "/hello/:name", expose: true },
  async ({ name }: { name: string }): Promise<{ message: string }> => ({ message: `Hello ${name}` }),
);
