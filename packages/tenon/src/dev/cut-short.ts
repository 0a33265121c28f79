// Tells a version that really declares less than the one that serves from one that was read while an editor had cut a file off and not
// yet written it again: correct code as often as not, but without endpoints that are there. The second has an edit at its heels.
import { setImmediate as nextTurn, setTimeout as delay } from "node:timers/promises";
import type { Graph } from "@tenon/model";
import type { AppWatch } from "./app-watch.ts";
import type { PendingChanges } from "./file-changes.ts";
import { declaresLess } from "./declares-less.ts";

/** How long the edit that makes a version whole is waited for. */
const doubtMs = 150;
/** Edits that never end (of a log, say) must not put a version off for ever. */
const longestDoubtMs = 1_000;
const lookIntervalMs = 10;

export class CutShort {
  readonly #pending: PendingChanges;
  readonly #watch: Pick<AppWatch, "isSettling">;
  /** Since when versions are put off one after the other. */
  #doubtedSince: number | undefined;

  constructor(pending: PendingChanges, watch: Pick<AppWatch, "isSettling">) {
    this.#pending = pending;
    this.#watch = watch;
  }

  /** Whether the next edit, which is pending then, makes this version obsolete. At once where it declares no less than the one before. */
  async check(serving: Graph, next: Graph): Promise<boolean> {
    const isOutrun = declaresLess(serving, next) && (await this.#isOutrun());
    if (!isOutrun) this.#doubtedSince = undefined;
    return isOutrun;
  }

  async #isOutrun(): Promise<boolean> {
    this.#doubtedSince ??= performance.now();
    const endsAt = this.#doubtedSince + longestDoubtMs;
    if (this.#pending.isEmpty) {
      await delay(doubtMs);
      // Timers come before what has happened to files: whoever stood still himself has to look before he says that nothing did.
      await nextTurn();
    }
    while (this.#pending.isEmpty && this.#watch.isSettling && performance.now() < endsAt) await delay(lookIntervalMs);
    return !this.#pending.isEmpty && performance.now() < endsAt;
  }
}
