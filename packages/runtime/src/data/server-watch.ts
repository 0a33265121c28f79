// Notices when the server of a pool stands still (paused, cut off from the network) while something waits for it. What nobody has sent yet
// fails at once then, instead of piling up; what was sent is given up shortly before its call's deadline, as `unavailable`: no answer from a
// server that answers nobody is no slow statement.
//
//   answering --(something waits 500 ms, the probe gets nothing for 1 s)--> silent --(a probe or a statement is answered)--> answering
import { answerMarginMs } from "./patience.ts";
import { DatabaseError } from "./errors.ts";
import { probeServer, type ServerAddress } from "./probe-server.ts";

const turnMs = 100;
const suspectAfterMs = 500;
const probeTimeoutMs = 1_000;
const probePauseMs = 250;
/** With a deadline close at hand a probe that has waited so long says enough. */
const quickVerdictMs = 250;
/** Without a deadline a statement outlasts a shorter silence, and goes on where it was. */
const longestSilenceMs = 30_000;

/** Something that waits for the server. */
export interface Awaited {
  /** Of performance.now(). */
  readonly startedAt: number;
  /** Epoch milliseconds. */
  readonly deadlineAt: number | undefined;
  /** The server may have it already, so nobody knows what becomes of it. */
  readonly isSent: boolean;
  /** Called at most once, and not after `end`. */
  giveUp(error: DatabaseError): void;
}

export class ServerWatch {
  readonly #database: string;
  readonly #address: () => ServerAddress;
  readonly #awaited = new Set<Awaited>();
  #timer: NodeJS.Timeout | undefined;
  /** All three of performance.now(). */
  #probeSentAt: number | undefined;
  #nextProbeAt = 0;
  #heardAt = 0;
  #silentSince: number | undefined;
  #closed = false;

  constructor(database: string, address: () => ServerAddress) {
    this.#database = database;
    this.#address = address;
  }

  /** Throws `database_unavailable` while the server is silent: nothing has been sent. */
  refuseWhenSilent(): void {
    if (this.#silentSince !== undefined) throw this.#error("database_unavailable");
  }

  begin(awaited: Awaited): void {
    this.#awaited.add(awaited);
    if (this.#timer !== undefined || this.#closed) return;
    this.#timer = setInterval(() => this.#turn(), turnMs);
    this.#timer.unref();
  }

  /** `answered`: by the server, well or badly. */
  end(awaited: Awaited, answered: boolean): void {
    this.#awaited.delete(awaited);
    if (!answered) return;
    this.#heardAt = performance.now();
    this.#silentSince = undefined;
  }

  close(): void {
    this.#closed = true;
    this.#stop();
  }

  #stop(): void {
    clearInterval(this.#timer);
    this.#timer = undefined;
  }

  #turn(): void {
    if (this.#awaited.size === 0 && this.#silentSince === undefined) {
      this.#stop();
      return;
    }
    const now = performance.now();
    const epochNow = Date.now();
    let isSuspect = this.#silentSince !== undefined;
    for (const awaited of this.#awaited) {
      const leftMs = (awaited.deadlineAt ?? Number.POSITIVE_INFINITY) - epochNow;
      isSuspect ||= now - awaited.startedAt >= suspectAfterMs || leftMs < 2 * suspectAfterMs;
      if (!this.#isHopeless(awaited, now, leftMs)) continue;
      this.#awaited.delete(awaited);
      awaited.giveUp(this.#error(awaited.isSent ? "connection_lost" : "database_unavailable"));
    }
    if (isSuspect) this.#probe(now);
  }

  #isHopeless(awaited: Awaited, now: number, leftMs: number): boolean {
    const silentSince = this.#silentSince;
    if (silentSince !== undefined && (!awaited.isSent || now - silentSince >= longestSilenceMs)) return true;
    if (leftMs > answerMarginMs) return false;
    const unheardMs = this.#probeSentAt === undefined ? 0 : now - Math.max(this.#probeSentAt, this.#heardAt);
    return silentSince !== undefined || unheardMs >= quickVerdictMs;
  }

  #probe(now: number): void {
    if (this.#probeSentAt !== undefined || now < this.#nextProbeAt || this.#closed) return;
    this.#probeSentAt = now;
    void probeServer(this.#address(), probeTimeoutMs).then((answers) => {
      this.#probeSentAt = undefined;
      this.#nextProbeAt = performance.now() + (answers ? suspectAfterMs : probePauseMs);
      if (answers) this.#silentSince = undefined;
      // Unless a statement was answered meanwhile: that is the better news.
      else if (this.#heardAt < now) this.#silentSince ??= now;
    });
  }

  #error(code: "connection_lost" | "database_unavailable"): DatabaseError {
    return new DatabaseError(code, this.#database, "the server does not answer");
  }
}
