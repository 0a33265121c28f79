// Counts how often the clock called.
import { api, APIError } from "tenon/api";

let calls = 0;

export const tick = api({}, async (): Promise<void> => {
  calls++;
});

export const fail = api({}, async (): Promise<void> => {
  throw APIError.aborted("not today");
});

export const count = api({ method: "GET", path: "/calls", expose: true }, async () => ({ calls }));
