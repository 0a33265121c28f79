// The consuming side: counts what it handles, and when.
import { api } from "tenon/api";
import { Subscription } from "tenon/pubsub";
import { events } from "../events.ts";

interface Progress {
  handled: number;
  /** By performance.now() of this process; 0: none yet. */
  firstAt: number;
  lastAt: number;
  /** From publishing to the handler, of the first thousand. */
  latenciesMs: number[];
}

const mostLatencies = 1_000;
const progress: Progress = { handled: 0, firstAt: 0, lastAt: 0, latenciesMs: [] };

new Subscription(events, "take", {
  maxConcurrency: 100,
  handler: async ({ at }) => {
    progress.lastAt = performance.now();
    if (progress.handled++ === 0) progress.firstAt = progress.lastAt;
    if (progress.latenciesMs.length < mostLatencies) {
      progress.latenciesMs.push(performance.timeOrigin + progress.lastAt - at);
    }
  },
});

export const look = api({ method: "GET", path: "/progress", expose: true }, async (): Promise<Progress> => progress);
