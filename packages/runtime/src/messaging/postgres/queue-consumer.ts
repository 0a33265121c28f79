// Takes the messages of a subscription without order: as many at once as it may, each under a lease that ends after the ack deadline.
import { randomUUID } from "node:crypto";
import type { Consumer } from "../broker.ts";
import type { ConsumerParts } from "./consumer-parts.ts";
import { type DeliveryRow, deliveryColumns } from "./delivery-row.ts";
import { handleDelivery, type Tenure } from "./handle-delivery.ts";
import { leaseMsOf } from "./lease.ts";
import { Pump, type Work } from "./pump.ts";

/**
 * $5, $6: beyond this place in the index; what lies before it has been taken. $7: 1 where there is room for all of them, so that each is
 * begun: then it counts as an attempt. 0: it is their outcome that counts, and what was under way when its process ended (its lease
 * says so) is left for a time when there is room. So a message that ends processes costs those which wait beside it no attempts.
 */
const takeSql = `UPDATE tenon_messages.delivery AS d
  SET lease = $3, lease_until = now() + $4 * interval '1 millisecond', attempts = d.attempts + $7::integer
  WHERE d.ctid = ANY (ARRAY(
    SELECT q.ctid FROM tenon_messages.delivery AS q
    WHERE q.subscription = $1 AND q.lane IS NULL AND q.run_at <= now() AND (q.run_at, q.id) > ($5::timestamptz, $6::bigint)
      AND q.lease_until <= now() AND ($7::integer = 1 OR q.lease IS NULL)
    ORDER BY q.run_at, q.id LIMIT $2 FOR UPDATE SKIP LOCKED))
  RETURNING ${deliveryColumns}, d.attempts + 1 - $7::integer AS attempts, d.run_at`;

const keepSql = `UPDATE tenon_messages.delivery SET lease_until = now() + $3 * interval '1 millisecond'
  WHERE id = $1 AND lease = $2 RETURNING 1`;

/** What is due and taken by somebody comes again when that lease ends. */
const nextDueSql = `
  (SELECT run_at AS at FROM tenon_messages.delivery
    WHERE subscription = $1 AND lane IS NULL AND run_at > now() ORDER BY run_at LIMIT 1)
  UNION ALL
  (SELECT min(greatest(run_at, lease_until)) FROM tenon_messages.delivery
    WHERE subscription = $1 AND lane IS NULL AND run_at <= now())`;

interface QueueRow extends DeliveryRow {
  readonly run_at: string;
}

/** A place in the index of due messages. */
interface Place {
  readonly runAt: string;
  readonly id: string;
}

const beginning: Place = { runAt: "-infinity", id: "0" };
/** What has been taken leaves dead entries at the front of the index until it is vacuumed; walking over them this often costs little. */
const fromTheFrontEveryMs = 1_000;

export class QueueConsumer implements Consumer {
  readonly #parts: ConsumerParts;
  readonly #pump: Pump;
  #place = beginning;
  #wasAtFrontAt = 0;

  constructor(parts: ConsumerParts) {
    this.#parts = parts;
    this.#pump = new Pump(parts, {
      capacity: parts.subscription.maxConcurrency,
      takesAhead: () => !this.#isAtFront(),
      take: (count) => this.#take(count),
      nextDueSql,
      unblocksOthers: false,
    });
  }

  stop(timeoutMs: number): Promise<void> {
    return this.#pump.stop(timeoutMs);
  }

  /** Now and then, and when little is left, it begins there, with no more than there is room for. */
  #isAtFront(): boolean {
    if (performance.now() - this.#wasAtFrontAt > fromTheFrontEveryMs) this.#place = beginning;
    return this.#place === beginning;
  }

  async #take(count: number): Promise<Work[]> {
    const { id, subscription, connections } = this.#parts;
    const lease = randomUUID();
    const takenAt = performance.now();
    const isAtFront = this.#place === beginning;
    if (isAtFront) this.#wasAtFrontAt = takenAt;
    const leaseMs = leaseMsOf(subscription);
    const rows = await connections.run<QueueRow>({
      name: "tenon-take",
      text: takeSql,
      values: [id, count, lease, leaseMs, this.#place.runAt, this.#place.id, isAtFront ? 1 : 0],
    });
    // Few are left, if any: late commits and leases that have ended lie before this place.
    this.#place = rows.length < count ? beginning : rows.reduce(later, this.#place);
    return rows.map((row) => new QueuedWork(this.#parts, this.#pump, row, lease, takenAt + leaseMs));
  }
}

/** Times as text, all in UTC, are ordered as texts. */
function later(place: Place, { run_at: runAt, id }: QueueRow): Place {
  const isLater = runAt === place.runAt ? Number(id) > Number(place.id) : runAt > place.runAt;
  return isLater ? { runAt, id } : place;
}

/** One message under a lease of its own. */
class QueuedWork implements Work, Tenure {
  readonly lease: string;
  endsAt: number;
  readonly #parts: ConsumerParts;
  readonly #pump: Pump;
  readonly #row: DeliveryRow;

  constructor(parts: ConsumerParts, pump: Pump, row: DeliveryRow, lease: string, endsAt: number) {
    this.#parts = parts;
    this.#pump = pump;
    this.#row = row;
    this.lease = lease;
    this.endsAt = endsAt;
  }

  run(): Promise<unknown> {
    return handleDelivery(this.#parts, this.#pump, this.#row, this);
  }

  giveBack(): void {
    const { lease, endsAt } = this;
    const { id, attempts } = this.#row;
    this.#pump.settle({ kind: "returned", id, lease, endsAt, owner: this.#pump, attempts: Number(attempts) - 1 });
  }

  async keep(durationMs: number): Promise<boolean> {
    const startedAt = performance.now();
    const query = { name: "tenon-keep", text: keepSql, values: [this.#row.id, this.lease, durationMs] };
    const isKept = (await this.#parts.connections.run(query)).length === 1;
    if (isKept) this.endsAt = startedAt + durationMs;
    return isKept;
  }
}
