// What goes into one export request: chunks of spans by service, and the text around them. The chunks are copied by nobody but the
// socket, and go back to their store when the request is over.
import { redactText } from "../redaction.ts";
import type { SpanBatch } from "../span-outlet.ts";
import type { ChunkStore } from "./chunk-store.ts";
import type { SendOtlp } from "./create-otlp-sender.ts";
import { REQUEST_END, REQUEST_START, RESOURCE_END } from "./encode-spans.ts";
import type { SpanChunk } from "./span-chunk.ts";

/** What collectors take at the least is 4 MiB; larger ones would keep the event loop longer at a time, smaller ones cost more. */
const MAX_BYTES = 1.5 * 1024 * 1024;
/** Each span is written with one before it. */
const COMMA_BYTES = 1;

const requestStart = Buffer.from(REQUEST_START, "latin1");
const betweenServices = Buffer.from(`${RESOURCE_END},`, "latin1");
const requestEnd = Buffer.from(RESOURCE_END + REQUEST_END, "latin1");

export class OtlpBatch implements SpanBatch {
  spans = 0;
  private readonly send: SendOtlp;
  private readonly store: ChunkStore;
  private readonly mustRedact: boolean;
  private readonly chunks: SpanChunk[] = [];
  private readonly parts: Uint8Array[] = [];
  private sizeBytes = 0;
  private serviceStart: Uint8Array | undefined;

  constructor(send: SendOtlp, store: ChunkStore, mustRedact: boolean) {
    this.send = send;
    this.store = store;
    this.mustRedact = mustRedact;
  }

  /** A batch takes one chunk of any size. */
  hasRoomFor(chunk: SpanChunk): boolean {
    return this.chunks.length === 0 || this.sizeBytes + chunk.length <= MAX_BYTES;
  }

  /** `serviceStart`: of the service whose spans they are; chunks of one service come in a row. */
  add(serviceStart: Uint8Array, chunk: SpanChunk): void {
    if (this.serviceStart === serviceStart) this.parts.push(chunk.written);
    else {
      const separator = this.serviceStart === undefined ? requestStart : betweenServices;
      this.parts.push(separator, serviceStart, chunk.written.subarray(COMMA_BYTES));
      this.serviceStart = serviceStart;
    }
    this.chunks.push(chunk);
    this.sizeBytes += chunk.length;
    this.spans += chunk.spans;
  }

  async deliver(signal: AbortSignal): Promise<number> {
    const body = [...this.parts, requestEnd];
    try {
      return await this.send(this.mustRedact ? [redacted(body)] : body, this.spans, signal);
    } finally {
      this.discard();
    }
  }

  discard(): void {
    for (const chunk of this.chunks) this.store.giveBack(chunk);
  }
}

function redacted(parts: readonly Uint8Array[]): Uint8Array {
  return Buffer.from(redactText(Buffer.concat(parts).toString("latin1")));
}
