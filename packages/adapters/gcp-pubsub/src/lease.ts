// The time for which a message that was pulled is ours. The service accepts an acknowledgement also when it has given the message to
// somebody else meanwhile, so it is this side that keeps to the time: once it is over, nothing more is said of the message.
import type { AckWriter } from "./ack-writer.ts";

/** The service is asked for so much at once, and again before it is over: what a process that died had is soon somebody else's. */
const longestSeconds = 60;
const renewEveryMs = 20_000;
const longestWaitSeconds = 600;

export class Lease {
  readonly #writer: AckWriter;
  readonly #ackId: string;
  /** By performance.now(), which no correction of a clock moves. */
  #wantedUntil = 0;
  #grantedUntil = 0;
  #isOver = false;
  #timer: NodeJS.Timeout | undefined;

  constructor(writer: AckWriter, ackId: string) {
    this.#writer = writer;
    this.#ackId = ackId;
  }

  get isOurs(): boolean {
    const now = performance.now();
    return !this.#isOver && now < this.#wantedUntil && now < this.#grantedUntil;
  }

  /** The first time: right after it was pulled, when the service gives it to nobody else for at least ten seconds. */
  async begin(durationMs: number): Promise<void> {
    this.#wantedUntil = performance.now() + durationMs;
    await this.#ask(durationMs);
  }

  /** It stays ours for so long from now on; Infinity: until something is said of it. Resolves with whether it was. */
  async extend(durationMs: number): Promise<boolean> {
    if (!this.isOurs) return false;
    const now = performance.now();
    if (this.#grantedUntil < now + durationMs) await this.#ask(durationMs);
    this.#wantedUntil = now + durationMs;
    // It may have expired meanwhile.
    return !this.#isOver;
  }

  /** It never comes again. Resolves with whether it was ours. */
  async acknowledge(): Promise<boolean> {
    if (!this.isOurs) return false;
    await this.#writer.acknowledge(this.#ackId);
    this.#end();
    return true;
  }

  /** It is for anybody, not before `waitMs`, at most ten minutes. Resolves with whether it was ours. */
  async giveBack(waitMs = 0): Promise<boolean> {
    if (!this.isOurs) return false;
    await this.#writer.setDeadline(this.#ackId, Math.min(Math.ceil(waitMs / 1_000), longestWaitSeconds));
    this.#end();
    return true;
  }

  /** The time is over. The service is told, and would find out by itself. */
  expire(): void {
    if (this.#isOver) return;
    this.#end();
    if (performance.now() < this.#grantedUntil) this.#writer.setDeadline(this.#ackId, 0).catch(() => {});
  }

  async #ask(durationMs: number): Promise<void> {
    const seconds = Math.min(Math.ceil(durationMs / 1_000), longestSeconds);
    const askedAt = performance.now();
    await this.#writer.setDeadline(this.#ackId, seconds);
    this.#grantedUntil = askedAt + seconds * 1_000;
    clearTimeout(this.#timer);
    if (!this.#isOver && durationMs > longestSeconds * 1_000) {
      this.#timer = setTimeout(() => void this.#renew(), renewEveryMs).unref();
    }
  }

  /** A request that fails is made again until what was granted is over. */
  async #renew(): Promise<void> {
    if (!this.isOurs) return;
    try {
      await this.#ask(this.#wantedUntil - performance.now());
    } catch {
      this.#timer = setTimeout(() => void this.#renew(), 1_000).unref();
    }
  }

  #end(): void {
    this.#isOver = true;
    clearTimeout(this.#timer);
  }
}
