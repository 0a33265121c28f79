// One request of ours on its way: what has to be sent, and who is told of the answer. Exactly one of `onEnd` and `onFailure` comes last.
import type { ResponseHead } from "../parse-response.ts";

export interface PendingAnswer {
  /** The answer has no body, whatever its head says. */
  readonly isHeadRequest: boolean;
  onHead(head: ResponseHead): void;
  /** Never empty; the bytes stay as they are. */
  onBodyPart(part: Buffer): void;
  /** All that has come so far has been told, and the answer is not complete. */
  onPartial(): void;
  onEnd(trailers: Readonly<Record<string, string>>): void;
  /** No answer, or no more of it, will come. Whether the other side has worked on the request is not known. */
  onFailure(error: Error): void;
}
