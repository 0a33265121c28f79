// Where a consumer puts what it has pulled. One without an order begins everything at once; one with an order begins of each key the first.
import type { HeldMessage } from "./held-message.ts";

export interface Intake {
  /** So many more may be pulled. */
  readonly room: number;
  /** Their time has begun. */
  accept(messages: readonly HeldMessage[]): void;
  /** Gives back what has not begun, and resolves once what has begun has its outcome or no more time. */
  stop(timeoutMs: number): Promise<void>;
}
