// Takes the messages of a subscription without order: as many at once as it may, each under a lease that ends at the ack deadline.
import { randomUUID } from "node:crypto";
import type { Consumer } from "../broker.ts";
import { type ConsumerParts, type DeliveryRow, deliveryColumns, exhaustion, toDelivery } from "./consumer-parts.ts";
import { leaseMsOf, untilWritten, withinTime } from "./lease.ts";
import { Pump, type Work } from "./pump.ts";
import { bury, handBack, settle } from "./settle.ts";

const holds = "d.lease = $2";
const mostAtOnce = 100;

export class QueueConsumer implements Consumer {
  readonly #parts: ConsumerParts;
  readonly #pump: Pump;

  constructor(parts: ConsumerParts) {
    this.#parts = parts;
    this.#pump = new Pump(parts, {
      capacity: parts.subscription.maxConcurrency,
      take: (count) => this.#take(Math.min(count, mostAtOnce)),
      nextDueSql: `SELECT min(run_at) AS at FROM tenon_messages.delivery WHERE subscription = $1 AND lane IS NULL`,
      unblocksOthers: false,
    });
  }

  stop(timeoutMs: number): Promise<void> {
    return this.#pump.stop(timeoutMs);
  }

  async #take(count: number): Promise<Work[]> {
    const { id, subscription, pool } = this.#parts;
    const lease = randomUUID();
    const { rows } = await pool.query<DeliveryRow>({
      name: "tenon-take",
      text: `WITH due AS (
        SELECT id FROM tenon_messages.delivery WHERE subscription = $1 AND lane IS NULL AND run_at <= now()
        ORDER BY run_at, id LIMIT $2 FOR UPDATE SKIP LOCKED)
      UPDATE tenon_messages.delivery AS d
      SET run_at = now() + $3 * interval '1 millisecond', attempts = d.attempts + 1, lease = $4
      FROM due WHERE d.id = due.id RETURNING ${deliveryColumns}`,
      values: [id, count, leaseMsOf(subscription), lease],
    });
    return rows.map((row) => () => this.#handle(row, lease));
  }

  async #handle(row: DeliveryRow, lease: string): Promise<number | undefined> {
    const { subscription, deliver, pool } = this.#parts;
    const dead = exhaustion(row, subscription);
    if (dead !== undefined) {
      await bury(pool, row, lease, dead, holds);
      return undefined;
    }
    const endsAt = Date.now() + leaseMsOf(subscription);
    const stopping = this.#pump.signal;
    const outcome = await withinTime(subscription.ackDeadlineMs, stopping, (signal) =>
      deliver(toDelivery(row, signal)),
    );
    if (stopping.aborted && outcome.kind === "failed") {
      await handBack(pool, row, lease, holds);
      return undefined;
    }
    const write = () => settle(pool, row, lease, outcome, subscription, holds);
    return (await untilWritten(endsAt, stopping, write)).againInMs;
  }
}
