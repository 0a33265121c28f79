// A key or token that holds for a while: fetched when it is first needed and again before it runs out, once for all who ask at the same time.
import { clock } from "../clock/clock.ts";
import { runOutsideOfCalls } from "../telemetry/outside-of-calls.ts";
import { warnRarely } from "../telemetry/warn-rarely.ts";

export interface Lent<Value> {
  readonly value: Value;
  /** Epoch milliseconds; of one that does not say, 0: it is asked for anew each time. */
  readonly expiresAtMs: number;
}

/** From when on a new one is fetched while the old one is still given out. */
const RENEW_BEFORE_MS = 5 * 60_000;
/** From when on callers wait for the new one: clocks differ, and a request takes its time. */
const WAIT_BEFORE_MS = 60_000;
/** Between two renewals that nobody waits for: metadata services give the same one out until it has almost run out. */
const PAUSE_MS = 10_000;

export class KeptCredential<Value> {
  readonly #what: string;
  readonly #fetch: () => Promise<Lent<Value>>;
  #kept: Lent<Value> | undefined;
  #fetching: Promise<Lent<Value>> | undefined;
  #lastFetchMs = Number.NEGATIVE_INFINITY;

  /** `what`: how a warning calls it, a constant. */
  constructor(what: string, fetch: () => Promise<Lent<Value>>) {
    this.#what = what;
    this.#fetch = fetch;
  }

  /** Rejects when there is none that still holds. */
  async current(): Promise<Value> {
    const kept = this.#kept;
    if (kept === undefined) return (await this.#renew()).value;
    const leftMs = kept.expiresAtMs - clock().now();
    if (leftMs > RENEW_BEFORE_MS) return kept.value;
    if (leftMs > WAIT_BEFORE_MS && clock().now() - this.#lastFetchMs < PAUSE_MS) return kept.value;
    const renewed = this.#renew().then(
      ({ value }) => value,
      (error: unknown) => this.#oldOne(kept, error),
    );
    if (leftMs <= WAIT_BEFORE_MS) return await renewed;
    // It may run out before the renewal has failed; whoever asks then is told.
    renewed.catch(() => {});
    return kept.value;
  }

  #oldOne(kept: Lent<Value>, error: unknown): Value {
    if (clock().now() >= kept.expiresAtMs) throw error;
    warnRarely(`${this.#what} cannot be renewed`, { reason: (error as Error).message });
    return kept.value;
  }

  /** It belongs to no call: whoever needs it at the same time waits for the same answer. */
  #renew(): Promise<Lent<Value>> {
    if (this.#fetching !== undefined) return this.#fetching;
    this.#lastFetchMs = clock().now();
    this.#fetching = runOutsideOfCalls(this.#fetch)
      .then((lent) => {
        this.#kept = lent;
        return lent;
      })
      .finally(() => {
        this.#fetching = undefined;
      });
    return this.#fetching;
  }
}
