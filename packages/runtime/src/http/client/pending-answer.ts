// One request of ours on its way: what has to be sent, and who is told of the answer. Exactly one of `onEnd` and `onFailure` comes last.
import type { ResponseHead } from "../response-head.ts";

export interface PendingAnswer {
  /** The answer has no body, whatever its head says. */
  readonly isHeadRequest: boolean;
  onHead(head: ResponseHead): void;
  /** The bytes `start` to `end` of `bytes` belong to the body; they stay as they are. */
  onBody(bytes: Buffer, start: number, end: number): void;
  /** All that has come so far has been told, and the answer is not complete. */
  onPartial(): void;
  /** `trailers`: names and values in turn. */
  onEnd(trailers: readonly string[]): void;
  /** No answer, or no more of it, will come. Whether the other side has worked on the request is not known. */
  onFailure(error: Error): void;
}
