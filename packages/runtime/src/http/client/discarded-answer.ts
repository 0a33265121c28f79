// Stands in the line of a shared connection for an answer that nobody waits for any more.
import type { PendingAnswer } from "./pending-answer.ts";

export class DiscardedAnswer implements PendingAnswer {
  readonly isHeadRequest = false;

  onHead(): void {}
  onBodyPart(): void {}
  onPartial(): void {}
  onEnd(): void {}
  onFailure(): void {}
}
