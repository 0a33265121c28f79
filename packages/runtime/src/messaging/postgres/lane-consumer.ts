// Takes the messages of a subscription in order: keys are spread over lanes, a consumer leases lanes and handles the messages of each one
// after the other. A message that waits for its next attempt holds back those of its own key and no others.
import { randomUUID } from "node:crypto";
import type { Consumer } from "../broker.ts";
import type { ConsumerParts } from "./consumer-parts.ts";
import { fewestRows, LaneTurn } from "./lane-turn.ts";
import { leaseMsOf } from "./lease.ts";
import { type LaneRow, leaseSql, nextDueSql, pickSql } from "./lane-statements.ts";
import { releaseLanes } from "./release-lanes.ts";
import { Pump, type Work } from "./pump.ts";
import { laneCount } from "./schema.ts";

/** The rest is for other processes. */
const mostLanesAtOnce = 8;

export class LaneConsumer implements Consumer {
  readonly #parts: ConsumerParts;
  readonly #pump: Pump;

  constructor(parts: ConsumerParts) {
    this.#parts = parts;
    this.#pump = new Pump(parts, {
      capacity: Math.min(parts.subscription.maxConcurrency, laneCount),
      takesAhead: () => false,
      take: (count) => this.#take(Math.min(count, mostLanesAtOnce)),
      nextDueSql,
      unblocksOthers: true,
    });
  }

  stop(timeoutMs: number): Promise<void> {
    return this.#pump.stop(timeoutMs);
  }

  /** Lanes with something to do; none where all of those are leased. */
  async #take(count: number): Promise<Work[]> {
    const { id, subscription, connections } = this.#parts;
    const lease = randomUUID();
    const leaseMs = leaseMsOf(subscription);
    const endsAt = performance.now() + leaseMs;
    // The same connection, so that the rows are read after the lanes are leased: what the last holder has done is seen then.
    const connection = connections.pick();
    const leasing = connection.run<{ lane: string }>({
      name: "tenon-lanes",
      text: leaseSql,
      values: [id, lease, leaseMs, count],
    });
    const picking = connection.run<LaneRow>({
      name: "tenon-lane-rows",
      text: pickSql,
      values: [id, lease, null, fewestRows],
    });
    const [lanes, rows] = await Promise.all([leasing, picking]).catch((error: unknown) => {
      // The server may have leased them without our knowing.
      void this.#pump.track(releaseLanes(this.#parts, lease, null, endsAt));
      throw error;
    });
    const turns = lanes.map(({ lane }) => {
      const own = rows.filter((row) => row.lane === lane);
      return { lane, own, turn: new LaneTurn(this.#parts, this.#pump, { lane, lease, endsAt, rows: own }) };
    });
    const empty = turns.filter(({ own }) => own.length === 0).map(({ lane }) => lane);
    if (empty.length > 0) await releaseLanes(this.#parts, lease, empty, endsAt);
    return turns.filter(({ own }) => own.length > 0).map(({ turn }) => turn);
  }
}
