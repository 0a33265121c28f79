// Writes down what became of deliveries, many in one statement. Each names the lease under which its delivery was taken: an outcome that
// comes after the delivery was given to somebody else changes nothing.
import { setTimeout as pause } from "node:timers/promises";
import pg from "pg";
import type { Connections } from "./connection.ts";
import { settleStatements } from "./settle-statements.ts";

/** Whose outcomes they are: told of each one, when it is written or found to be too late, or could not be written in time. */
export interface Settled {
  written(settlement: Settlement): void;
  unwritten(settlement: Settlement, error: unknown): void;
}

interface Common {
  /** Of the row in `delivery`. */
  readonly id: string;
  readonly lease: string;
  /** By performance.now(): the lease is over in any case then. */
  readonly endsAt: number;
  readonly owner: Settled;
}

export type Settlement = Common &
  (
    | { readonly kind: "handled" }
    /** Again after `waitMs`. */
    | { readonly kind: "failed"; readonly attempts: number; readonly waitMs: number; readonly reason: string }
    /** Somebody else begins at once, and this does not count: `attempts` were before. */
    | { readonly kind: "returned"; readonly attempts: number }
    | { readonly kind: "dead"; readonly attempts: number; readonly reason: string }
  );

export type SettlementKind = Settlement["kind"];

interface Flush {
  readonly upTo: number;
  resolve(): void;
}

const retryMs = 200;
const mostAtOnce = 1_000;

export class Settler {
  readonly #connections: Connections;
  #waiting: Settlement[] = [];
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
   * While the server cannot take it, it is repeated, so that what has been handled meanwhile is not delivered again: until the lease ends,
   * or the broker closes.
   */
  settle(settlement: Settlement): void {
    this.#waiting.push(settlement);
    this.#given++;
    this.#schedule();
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
    await this.#settle(batch);
    this.#done += batch.length;
    while (this.#flushes.length > 0 && this.#flushes[0]!.upTo <= this.#done) this.#flushes.shift()!.resolve();
    this.#isWriting = false;
    this.#schedule();
  }

  async #settle(some: readonly Settlement[]): Promise<void> {
    for (const { query, settlements } of settleStatements(some)) await this.#repeat(query, settlements);
  }

  async #repeat(query: pg.QueryConfig, settlements: readonly Settlement[]): Promise<void> {
    const endsAt = Math.max(...settlements.map((one) => one.endsAt));
    for (;;) {
      try {
        await this.#connections.run(query);
        for (const settlement of settlements) settlement.owner.written(settlement);
        return;
      } catch (error) {
        if (settlements.length > 1 && isAboutOne(error)) return this.#divide(settlements);
        if (this.#isClosed || isAboutOne(error) || performance.now() + retryMs > endsAt) {
          for (const settlement of settlements) settlement.owner.unwritten(settlement, error);
          return;
        }
        await pause(retryMs);
      }
    }
  }

  /** One that the server refuses must not take the others with it: it ends up alone, and comes again when its lease ends. */
  async #divide(settlements: readonly Settlement[]): Promise<void> {
    const middle = Math.ceil(settlements.length / 2);
    await this.#settle(settlements.slice(0, middle));
    await this.#settle(settlements.slice(middle));
  }
}

/**
 * Whatever concerns all statements, or passes by itself, does not count: connections (08), a server that may not write (25), conflicts (40),
 * tables and rights (42), resources (53), locks (55), somebody who intervenes (57), files (58).
 */
const concernsAll = /^(?:08|25|40|42|53|55|57|58)/;

function isAboutOne(error: unknown): boolean {
  return error instanceof pg.DatabaseError && error.code !== undefined && !concernsAll.test(error.code);
}
