// Gives lanes back before their lease ends. While the server is away it is tried again, since everybody else would wait for that end.
import { setTimeout as pause } from "node:timers/promises";
import type { ConsumerParts } from "./consumer-parts.ts";
import { releaseSql } from "./lane-statements.ts";

const retryMs = 200;

/** `lanes`: null is all of the lease. `endsAt`: by performance.now(), when they are free in any case. */
export async function releaseLanes(
  { id, connections }: ConsumerParts,
  lease: string,
  lanes: readonly string[] | null,
  endsAt: number,
): Promise<void> {
  const values = [id, lanes && `{${lanes.join()}}`, lease];
  for (;;) {
    try {
      await connections.run({ name: "tenon-lane-release", text: releaseSql, values });
      return;
    } catch (error) {
      if (connections.isClosed || performance.now() + retryMs > endsAt) throw error;
      await pause(retryMs);
    }
  }
}
