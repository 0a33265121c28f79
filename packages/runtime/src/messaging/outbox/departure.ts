// What a transaction with messages does around its COMMIT. Rows get their places when they are written, but transactions commit in another
// order than they write: messages with an ordering key get new places right before the COMMIT, under a lock for their key that ends with
// it. So places of one key are in the order of commits, whatever else the transactions wait for.
//
// The lock is the last thing a transaction asks for, and it asks for its keys in one order: no two can wait for each other.
import { createHash } from "node:crypto";
import type { Companion, ExclusiveRunner } from "../../data/exclusive-runner.ts";
import { encodeParameters } from "../../data/parameters.ts";
import type { Outbox } from "./outboxes.ts";

export interface OrderedRow {
  /** bigint as text. */
  readonly place: string;
  readonly topic: string;
  readonly orderingKey: string;
}

/** First key of the advisory locks; "outbox order" has no meaning to the server. */
const lockClass = 1_953_066_351;
/** Locks are shared by so many groups of keys: a transaction with a thousand keys must not fill the server's table of locks. */
const laneCount = 64;

/** What a frozen process may hold up the others of its lanes, between this and its COMMIT. */
const longestHoldMs = 15_000;

const lock = `SELECT set_config('idle_in_transaction_session_timeout', '${longestHoldMs}', true),
  pg_advisory_xact_lock($1::int, lane) FROM unnest($2::int[]) AS lane`;

/** A row that a savepoint has taken back is not there any more. Materialized: each place is drawn once, in order. */
const replace = `WITH renewed AS MATERIALIZED (
  SELECT written.place AS old, nextval('tenon_outbox.place') AS place
  FROM (SELECT place FROM tenon_outbox.message WHERE place = ANY ($1::bigint[]) ORDER BY place) AS written)
UPDATE tenon_outbox.message AS m SET place = renewed.place FROM renewed WHERE m.place = renewed.old`;

export class Departure implements Companion {
  readonly #runner: ExclusiveRunner;
  readonly #outbox: Outbox;
  readonly #ordered: OrderedRow[] = [];

  private constructor(runner: ExclusiveRunner, outbox: Outbox) {
    this.#runner = runner;
    this.#outbox = outbox;
  }

  /** That of the transaction, made when there is none. */
  static of(runner: ExclusiveRunner, outbox: Outbox): Departure {
    if (runner.companion instanceof Departure) return runner.companion;
    const departure = new Departure(runner, outbox);
    runner.companion = departure;
    return departure;
  }

  add(row: OrderedRow): void {
    this.#ordered.push(row);
  }

  async beforeCommit(): Promise<void> {
    if (this.#ordered.length === 0) return;
    const lanes = [...new Set(this.#ordered.map(laneOf))].sort((a, b) => a - b);
    const places = this.#ordered.map(({ place }) => place);
    await this.#run(lock, [lockClass, lanes]);
    await this.#run(replace, [places]);
  }

  afterCommit(): Promise<void> | undefined {
    return this.#outbox.committed();
  }

  async #run(text: string, values: readonly unknown[]): Promise<void> {
    await this.#runner.run({ text, values: encodeParameters(values, this.#runner.database) });
  }
}

function laneOf({ topic, orderingKey }: OrderedRow): number {
  const digest = createHash("sha1").update(`${topic}\n${orderingKey}`).digest();
  return digest.readUInt32BE(0) % laneCount;
}
