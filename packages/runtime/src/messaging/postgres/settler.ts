// Writes down what became of deliveries, many in one statement. Each names the lease under which its delivery was taken: an outcome that
// comes after the delivery was given to somebody else changes nothing.
import { setTimeout as pause } from "node:timers/promises";
import type pg from "pg";
import type { Connections } from "./connection.ts";
import { settleStatements } from "./settle-statements.ts";

export interface Lease {
  /** Of the row in `delivery`. */
  readonly id: string;
  readonly lease: string;
}

export type Settlement = Lease &
  (
    | { readonly kind: "handled" }
    /** Again after `waitMs`. */
    | { readonly kind: "failed"; readonly waitMs: number; readonly reason: string }
    /** Somebody else begins at once, and this does not count as an attempt. */
    | { readonly kind: "returned" }
    | { readonly kind: "dead"; readonly attempts: number; readonly reason: string }
  );

export type SettlementKind = Settlement["kind"];

interface Waiting {
  readonly settlement: Settlement;
  /** By performance.now(): the lease is over in any case then. */
  readonly endsAt: number;
  resolve(): void;
  reject(error: unknown): void;
}

interface Flush {
  readonly upTo: number;
  resolve(): void;
}

const retryMs = 200;
const mostAtOnce = 1_000;

export class Settler {
  readonly #connections: Connections;
  #waiting: Waiting[] = [];
  /** How many there ever were, and how many of them are written or given up. */
  #given = 0;
  #done = 0;
  #flushes: Flush[] = [];
  #isWriting = false;
  #isClosed = false;

  constructor(connections: Connections) {
    this.#connections = connections;
  }

  /** So many are not written yet. */
  get backlog(): number {
    return this.#waiting.length;
  }

  /**
   * Resolves once it is written, or found to be too late. While the server cannot take it, it is repeated, so that what has been handled
   * meanwhile is not delivered again; rejects at `endsAt`, or at once when the broker closes.
   */
  settle(settlement: Settlement, endsAt: number): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#waiting.push({ settlement, endsAt, resolve, reject });
      this.#given++;
      this.#schedule();
    });
  }

  /** Resolves once everything that was given before is written or given up. */
  flushed(): Promise<void> {
    if (this.#done === this.#given) return Promise.resolve();
    return new Promise((resolve) => this.#flushes.push({ upTo: this.#given, resolve }));
  }

  /** What the server cannot take now is left: it is delivered again. */
  close(): void {
    this.#isClosed = true;
  }

  /** One statement after the other: what of one key was handled later is not written down earlier. */
  #schedule(): void {
    if (this.#isWriting || this.#waiting.length === 0) return;
    this.#isWriting = true;
    process.nextTick(() => void this.#write());
  }

  async #write(): Promise<void> {
    const batch = this.#waiting.splice(0, mostAtOnce);
    for (const statement of settleStatements(batch.map(({ settlement }) => settlement))) {
      const part = batch.filter(({ settlement }) => settlement.kind === statement.kind);
      await this.#repeat(statement.query, part);
    }
    this.#done += batch.length;
    while (this.#flushes.length > 0 && this.#flushes[0]!.upTo <= this.#done) this.#flushes.shift()!.resolve();
    this.#isWriting = false;
    this.#schedule();
  }

  async #repeat(query: pg.QueryConfig, part: readonly Waiting[]): Promise<void> {
    const endsAt = Math.max(...part.map((one) => one.endsAt));
    for (;;) {
      try {
        await this.#connections.run(query);
        for (const { resolve } of part) resolve();
        return;
      } catch (error) {
        if (this.#isClosed || performance.now() + retryMs > endsAt) {
          for (const { reject } of part) reject(error);
          return;
        }
        await pause(retryMs);
      }
    }
  }
}
