// Whether a connection that was at rest is still one. What a server has closed, or a balancer, a firewall or an address translation on the way
// has forgotten, while the process was frozen or had nothing to do, may show only when it is written to: then nobody knows what became of what
// was written. So who has rested for long is asked something harmless first.
import { setTimeout as sleep } from "node:timers/promises";

const proofMs = 1_000;

interface TrustedConnection {
  /** Statements under way. */
  readonly pending: number;
  /** Runs a statement. */
  control(text: string): Promise<void>;
  /** From now on it is of no use. */
  destroy(): void;
}

export class ConnectionTrust {
  readonly #connection: TrustedConnection;
  /** Epoch milliseconds: of a process that was frozen, no other clock has gone on for sure. */
  #restingSince = Date.now();
  #proof: Promise<boolean> | undefined;

  constructor(connection: TrustedConnection) {
    this.#connection = connection;
  }

  /** The last of what was under way has been answered. */
  rest(): void {
    this.#restingSince = Date.now();
  }

  /** Also while it is being asked: nothing goes out behind a question that may have no answer. */
  isDoubtful(trustIdleMs: number): boolean {
    if (this.#proof !== undefined) return true;
    return this.#connection.pending === 0 && Date.now() - this.#restingSince >= trustIdleMs;
  }

  /** false: the server did not answer, and the connection was destroyed. Never rejects. */
  prove(): Promise<boolean> {
    this.#proof ??= this.#isAnswered().finally(() => {
      this.#proof = undefined;
    });
    return this.#proof;
  }

  async #isAnswered(): Promise<boolean> {
    const timer = new AbortController();
    const late = sleep(proofMs, false, { signal: timer.signal }).catch(() => false);
    const answer = this.#connection.control("SELECT 1").then(
      () => true,
      () => false,
    );
    const isAnswered = await Promise.race([answer, late]);
    timer.abort();
    if (!isAnswered) this.#connection.destroy();
    return isAnswered;
  }
}
