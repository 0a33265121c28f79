// An answer that is wanted whole, as text: JSON mostly.
import type { ResponseHead } from "../parse-response.ts";
import type { PendingAnswer } from "./pending-answer.ts";

// hot: guarded by bench/call
export abstract class TextAnswer implements PendingAnswer {
  readonly isHeadRequest = false;
  private head: ResponseHead | undefined = undefined;
  private text = "";
  private parts: Buffer[] | undefined = undefined;

  onHead(head: ResponseHead): void {
    this.head = head;
  }

  onBodyPart(part: Buffer): void {
    // Mostly a body comes in one piece.
    if (part.length === this.head!.bodySizeBytes) this.text = part.toString("utf8");
    else if (this.parts === undefined) this.parts = [part];
    else this.parts.push(part);
  }

  onPartial(): void {}

  onEnd(): void {
    const text = this.parts === undefined ? this.text : Buffer.concat(this.parts).toString("utf8");
    this.onAnswer(this.head!, text);
  }

  abstract onFailure(error: Error): void;

  /** The whole answer. Must not throw: it is nothing that the connection could help with. */
  protected abstract onAnswer(head: ResponseHead, text: string): void;
}
