// Messages that the broker did not take while it may have taken others: they are tried again later and later, and stand in nobody's way
// meanwhile but that of later messages with the same ordering key. Known to this process alone; another one finds out for itself.
import { clock } from "../../clock/clock.ts";
import type { OutboxRow } from "./outbox-store.ts";

export interface Setback {
  readonly row: OutboxRow;
  readonly reason: string;
  /** How often it was refused while the broker took others. */
  readonly failures: number;
  /** Epoch milliseconds. */
  readonly retryAt: number;
  /** What `#accepted` was then. */
  readonly acceptedThen: number;
}

const firstRetryMs = 1_000;
const longestRetryMs = 60_000;
/** After these the message is at fault and not the broker: it is parked. With the pauses between them, more than two minutes. */
const mostFailures = 8;

export class Setbacks {
  readonly #byPlace = new Map<string, Setback>();
  /** How many messages the broker has taken. */
  #accepted = 0;

  /** The broker has taken these. `wasAway`: for the first time after a while, so that what was refused then is worth a new try. */
  accepted(rows: readonly OutboxRow[], wasAway: boolean): void {
    this.#accepted += rows.length;
    for (const { place } of rows) this.#byPlace.delete(place);
    if (!wasAway) return;
    for (const [place, setback] of this.#byPlace) this.#byPlace.set(place, { ...setback, retryAt: 0 });
  }

  /** Returns true when the message is to be parked. */
  refused(row: OutboxRow, reason: string): boolean {
    const before = this.#byPlace.get(row.place);
    // As long as the broker takes nothing at all, nobody knows whose fault it is.
    const isBlamed = before !== undefined && this.#accepted > before.acceptedThen;
    const failures = (before?.failures ?? 0) + (isBlamed ? 1 : 0);
    if (failures >= mostFailures) {
      this.#byPlace.delete(row.place);
      return true;
    }
    const retryAt = clock().now() + Math.min(longestRetryMs, firstRetryMs * 2 ** failures);
    this.#byPlace.set(row.place, { row, reason, failures, retryAt, acceptedThen: this.#accepted });
    return false;
  }

  /** Those whose time has not come. */
  aside(): Setback[] {
    const now = clock().now();
    return [...this.#byPlace.values()].filter(({ retryAt }) => retryAt > now);
  }

  /** Milliseconds until the next one's time; undefined: there is none. */
  nextMs(): number | undefined {
    const times = [...this.#byPlace.values()].map(({ retryAt }) => retryAt);
    return times.length === 0 ? undefined : Math.max(0, Math.min(...times) - clock().now());
  }
}
