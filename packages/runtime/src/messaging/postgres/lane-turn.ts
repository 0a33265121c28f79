// One turn of a leased lane: its messages are handled one after the other, batch by batch, for as long as there are more and others need
// not wait too long; then the lane is given back.
import type { ConsumerParts } from "./consumer-parts.ts";
import { handleDelivery, type Tenure } from "./handle-delivery.ts";
import { keepSql, type LaneRow, pickSql } from "./lane-statements.ts";
import { releaseLanes } from "./release-lanes.ts";
import { aheadMs, leaseMsOf } from "./lease.ts";
import type { Pump, Work } from "./pump.ts";

/** A process that has just started finds lanes to lease after this at the latest, where handlers are quick. */
const longestTurnMs = 1_000;
/** To begin with; twice as many each time that they were handled quickly, so that reading them is the least of the work. */
export const fewestRows = 50;
const mostRows = 400;
const quicklyMs = 200;

export interface LeasedLane {
  readonly lane: string;
  readonly lease: string;
  /** By performance.now(). */
  readonly endsAt: number;
  /** The first ones. */
  readonly rows: readonly LaneRow[];
}

export class LaneTurn implements Work, Tenure {
  readonly lease: string;
  endsAt: number;
  readonly #parts: ConsumerParts;
  readonly #pump: Pump;
  readonly #lane: string;
  readonly #startedAt = performance.now();
  /** Keys of which a message waits for its next attempt. */
  readonly #held = new Set<string>();
  #rows: readonly LaneRow[];
  #limit = fewestRows;

  constructor(parts: ConsumerParts, pump: Pump, { lane, lease, endsAt, rows }: LeasedLane) {
    this.#parts = parts;
    this.#pump = pump;
    this.#lane = lane;
    this.lease = lease;
    this.endsAt = endsAt;
    this.#rows = inOrder(rows);
  }

  async run(): Promise<void> {
    let isOurs = true;
    try {
      while (isOurs && this.#rows.length > 0) {
        const beganAt = performance.now();
        isOurs = await this.#handleRows();
        const isQuick = performance.now() - beganAt < quicklyMs;
        if (!isOurs || this.#hasEnded()) break;
        this.#limit = isQuick ? Math.min(mostRows, 2 * this.#limit) : fewestRows;
        this.#rows = inOrder(await this.#pick());
      }
    } finally {
      // Whatever went wrong: nobody is to wait for the end of a lease that nobody uses.
      if (isOurs) await this.#release();
    }
  }

  giveBack(): void {
    this.#returnRows(this.#rows);
    void this.#pump.track(this.#release());
  }

  async keep(durationMs: number): Promise<boolean> {
    const { id, connections } = this.#parts;
    const startedAt = performance.now();
    const values = [id, this.#lane, this.lease, durationMs];
    const isKept = (await connections.run({ name: "tenon-lane-keep", text: keepSql, values })).length === 1;
    if (isKept) this.endsAt = startedAt + durationMs;
    return isKept;
  }

  /** Returns whether the lane is still ours. */
  async #handleRows(): Promise<boolean> {
    for (const [index, row] of this.#rows.entries()) {
      if (this.#pump.isStopped) {
        this.#returnRows(this.#rows.slice(index));
        return true;
      }
      const key = row.ordering_key ?? "";
      if (this.#held.has(key)) {
        this.#returnRows([row]);
        continue;
      }
      if (!(await this.#hasTimeForOne())) return false;
      const ending = await handleDelivery(this.#parts, this.#pump, row, this);
      if (ending === "lost") return false;
      if (ending === "waits") this.#held.add(key);
    }
    return true;
  }

  /** The lease covers the time of one message at least. */
  async #hasTimeForOne(): Promise<boolean> {
    const leaseMs = leaseMsOf(this.#parts.subscription);
    return this.endsAt - performance.now() > leaseMs - aheadMs || (await this.keep(leaseMs));
  }

  /** With fewer than a full batch the lane is empty, or has something that is to be taken alone. */
  #hasEnded(): boolean {
    const isLong = performance.now() - this.#startedAt > longestTurnMs;
    return isLong || this.#pump.isStopped || this.#held.size > 0 || this.#rows.length < this.#limit;
  }

  #pick(): Promise<LaneRow[]> {
    const { id, connections } = this.#parts;
    const values = [id, this.lease, this.#lane, this.#limit];
    return connections.run<LaneRow>({ name: "tenon-lane-rows", text: pickSql, values });
  }

  #returnRows(rows: readonly LaneRow[]): void {
    const { lease, endsAt } = this;
    for (const { id, attempts } of rows) {
      this.#pump.settle({ kind: "returned", id, lease, endsAt, owner: this.#pump, attempts: Number(attempts) - 1 });
    }
  }

  /** Behind all outcomes of its messages: somebody else reads the lane then. */
  async #release(): Promise<void> {
    await this.#parts.settler.flushed();
    await releaseLanes(this.#parts, this.lease, [this.#lane], this.endsAt);
  }
}

function inOrder(rows: readonly LaneRow[]): readonly LaneRow[] {
  return rows.toSorted((a, b) => Number(a.id) - Number(b.id));
}
