// Takes the messages of a subscription in order: keys are spread over lanes, a consumer leases a lane and handles its messages one after
// the other. A message that waits for its next attempt holds back those of its own key and no others.
import { randomUUID } from "node:crypto";
import type { Consumer } from "../broker.ts";
import { type ConsumerParts, type DeliveryRow, deliveryColumns, exhaustion, toDelivery } from "./consumer-parts.ts";
import { leaseMsOf, untilWritten, withinTime } from "./lease.ts";
import { Pump, type Work } from "./pump.ts";
import { laneCount } from "./schema.ts";
import { bury, handBack, settle } from "./settle.ts";

/** The lane's lease covers all of its messages; $2 is the lease. */
const holds = `EXISTS (SELECT 1 FROM tenon_messages.lane AS l
  WHERE l.subscription = d.subscription AND l.lane = d.lane AND l.lease = $2 AND l.lease_until > now())`;

/** Due, and nothing earlier of the same key is left waiting. */
const isReady = `d.run_at <= now() AND NOT EXISTS (SELECT 1 FROM tenon_messages.delivery AS e
  WHERE e.subscription = d.subscription AND e.lane = d.lane AND e.id < d.id
    AND e.ordering_key IS NOT DISTINCT FROM d.ordering_key AND e.run_at > now())`;

const mostOfOneLane = 50;

export class LaneConsumer implements Consumer {
  readonly #parts: ConsumerParts;
  readonly #pump: Pump;

  constructor(parts: ConsumerParts) {
    this.#parts = parts;
    this.#pump = new Pump(parts, {
      capacity: Math.min(parts.subscription.maxConcurrency, laneCount),
      take: () => this.#take(),
      // Only the first message of a key has been tried, so that those it holds back wake nobody.
      nextDueSql: `SELECT min(greatest(d.run_at, l.lease_until)) AS at FROM tenon_messages.delivery AS d
          JOIN tenon_messages.lane AS l ON l.subscription = d.subscription AND l.lane = d.lane
          WHERE d.subscription = $1 AND d.lane IS NOT NULL AND d.attempts > 0
        UNION ALL SELECT min(l.lease_until) FROM tenon_messages.lane AS l
          WHERE l.subscription = $1 AND l.lease_until > now() AND EXISTS (
            SELECT 1 FROM tenon_messages.delivery AS d WHERE d.subscription = l.subscription AND d.lane = l.lane)`,
      unblocksOthers: true,
    });
  }

  stop(timeoutMs: number): Promise<void> {
    return this.#pump.stop(timeoutMs);
  }

  /** A lane with something to do; none where all of those are leased. */
  async #take(): Promise<Work[]> {
    const { id, subscription, pool } = this.#parts;
    const lease = randomUUID();
    const { rows } = await pool.query<{ lane: number }>(
      `UPDATE tenon_messages.lane SET lease = $2, lease_until = now() + $3 * interval '1 millisecond'
       WHERE subscription = $1 AND lane = (
         SELECT l.lane FROM tenon_messages.lane AS l
         WHERE l.subscription = $1 AND l.lease_until < now() AND EXISTS (
           SELECT 1 FROM tenon_messages.delivery AS d WHERE d.subscription = l.subscription AND d.lane = l.lane AND ${isReady})
         ORDER BY l.lease_until LIMIT 1 FOR UPDATE SKIP LOCKED)
       RETURNING lane`,
      [id, lease, leaseMsOf(subscription)],
    );
    return rows.map(
      ({ lane }) =>
        () =>
          this.#work(lane, lease),
    );
  }

  async #work(lane: number, lease: string): Promise<undefined> {
    const { id, pool } = this.#parts;
    const { rows } = await this.#untilWritten(() =>
      pool.query<DeliveryRow>(
        `SELECT ${deliveryColumns} FROM tenon_messages.delivery AS d
         WHERE d.subscription = $1 AND d.lane = $2 AND ${isReady} ORDER BY d.id LIMIT ${mostOfOneLane}`,
        [id, lane],
      ),
    );
    const held = new Set<string | null>();
    for (const row of rows) {
      if (this.#pump.isStopped) break;
      if (held.has(row.ordering_key)) continue;
      const isLeased = await this.#handle(row, lane, lease, () => held.add(row.ordering_key));
      // Somebody else has the lane now.
      if (!isLeased) return undefined;
    }
    await this.#untilWritten(() =>
      pool.query(
        `UPDATE tenon_messages.lane SET lease = NULL, lease_until = '-infinity' WHERE subscription = $1 AND lane = $2 AND lease = $3`,
        [id, lane, lease],
      ),
    );
    // Whatever has to wait is found when the lane is asked for again, which it is now.
    return undefined;
  }

  /** Returns whether the lease still stood. `hold`: the rest of its key has to wait. */
  async #handle(row: DeliveryRow, lane: number, lease: string, hold: () => void): Promise<boolean> {
    const { subscription, deliver, pool } = this.#parts;
    const attempts = await this.#untilWritten(() => this.#begin(row, lane, lease));
    if (attempts === undefined) return false;
    const begun: DeliveryRow = { ...row, attempts };
    const dead = exhaustion(begun, subscription);
    if (dead !== undefined) return bury(pool, begun, lease, dead, holds);
    const stopping = this.#pump.signal;
    const outcome = await withinTime(subscription.ackDeadlineMs, stopping, (signal) =>
      deliver(toDelivery(begun, signal)),
    );
    if (outcome.kind === "failed") hold();
    if (outcome.kind === "failed" && stopping.aborted) return handBack(pool, begun, lease, holds);
    const write = () => settle(pool, begun, lease, outcome, subscription, holds);
    return (await this.#untilWritten(write)).held;
  }

  /** A lane that is given up goes to nobody until its lease ends. */
  #untilWritten<T>(write: () => Promise<T>): Promise<T> {
    return untilWritten(Date.now() + leaseMsOf(this.#parts.subscription), this.#pump.signal, write);
  }

  /** Renews the lane's lease for one more message and counts the attempt. */
  async #begin(row: DeliveryRow, lane: number, lease: string): Promise<number | undefined> {
    const { id, subscription, pool } = this.#parts;
    const { rows } = await pool.query<{ attempts: number }>(
      `WITH kept AS (
         UPDATE tenon_messages.lane SET lease_until = now() + $4 * interval '1 millisecond'
         WHERE subscription = $1 AND lane = $2 AND lease = $3 AND lease_until > now() RETURNING 1)
       UPDATE tenon_messages.delivery AS d SET attempts = d.attempts + 1
       WHERE d.id = $5 AND EXISTS (SELECT 1 FROM kept) RETURNING d.attempts`,
      [id, lane, lease, leaseMsOf(subscription), row.id],
    );
    return rows[0]?.attempts;
  }
}
