// A request that costs the server much and its client nothing.
import { api } from "tenon/api";

/** Keeps a core busy for so many microseconds. */
export const work = api(
  { method: "GET", path: "/work/:micros", expose: true },
  async ({ micros }: { micros: number }): Promise<{ turns: number }> => {
    const endsAt = performance.now() + micros / 1000;
    let turns = 0;
    while (performance.now() < endsAt) turns++;
    return { turns };
  },
);
