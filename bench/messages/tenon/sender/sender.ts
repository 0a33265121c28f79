// The publishing side: as many messages as asked, several at a time, one by one or in batches, or one now and then.
import { api } from "tenon/api";
import { events } from "../events.ts";

interface PublishRequest {
  count: number;
  /** No more are begun after this. */
  forMs: number;
  inFlight: number;
  /** 1: each by itself. */
  batchSize: number;
  /** Between one and the next; 0: none. */
  pauseMs: number;
}

const text = "x".repeat(150);

export const publish = api(
  { method: "POST", path: "/publish", expose: true },
  async ({
    count,
    forMs,
    inFlight,
    batchSize,
    pauseMs,
  }: PublishRequest): Promise<{ published: number; elapsedMs: number }> => {
    const startedAt = performance.now();
    let next = 0;
    let published = 0;
    const message = () => ({ n: next++, at: performance.timeOrigin + performance.now(), text });
    const work = async () => {
      while (next < count && performance.now() - startedAt < forMs) {
        if (batchSize > 1) {
          published += (await events.publishBatch(Array.from({ length: batchSize }, message))).length;
        } else {
          await events.publish(message());
          published++;
        }
        if (pauseMs > 0) await new Promise((resolve) => setTimeout(resolve, pauseMs));
      }
    };
    await Promise.all(Array.from({ length: inFlight }, work));
    return { published, elapsedMs: performance.now() - startedAt };
  },
);
