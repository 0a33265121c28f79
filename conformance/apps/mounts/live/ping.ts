import { api } from "tenon/api";

export const ping = api({ method: "GET", path: "/ping" }, async (): Promise<{ pong: boolean }> => ({ pong: true }));
