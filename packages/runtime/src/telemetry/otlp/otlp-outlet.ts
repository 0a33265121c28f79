// Finished spans on their way to an OTLP collector: written as JSON the moment they end, so that nothing of them stays behind for the
// garbage collector, and sent in batches.
import type { RecordedSpan } from "../recorded-span.ts";
import { redactionVersion } from "../redaction.ts";
import type { SpanBatch, SpanOutlet } from "../span-outlet.ts";
import { ChunkStore } from "./chunk-store.ts";
import type { SendOtlp } from "./create-otlp-sender.ts";
import { OtlpBatch } from "./otlp-batch.ts";
import { ServiceSpans } from "./service-spans.ts";
import { writeSpan } from "./write-span.ts";

/** Spans with payloads are large; however few they are, they must not take a process's memory. */
const MAX_USED_BYTES = 64 * 1024 * 1024;

export class OtlpOutlet implements SpanOutlet {
  waiting = 0;
  private readonly send: SendOtlp;
  private readonly store = new ChunkStore();
  private readonly services = new Map<string, ServiceSpans>();
  /** Of the oldest span that waits. */
  private redactionVersion = 0;

  constructor(send: SendOtlp) {
    this.send = send;
  }

  get isFull(): boolean {
    return this.store.usedBytes >= MAX_USED_BYTES;
  }

  // hot: guarded by bench/spans
  add(span: RecordedSpan): void {
    if (this.waiting++ === 0) this.redactionVersion = redactionVersion();
    const { service } = span.template;
    writeSpan(this.services.get(service) ?? this.open(service), span);
  }

  take(): SpanBatch[] {
    // What was written before there was something new to hide may hold it.
    const mustRedact = this.redactionVersion !== redactionVersion();
    const batches: OtlpBatch[] = [];
    let batch: OtlpBatch | undefined;
    let taken = 0;
    for (const service of this.services.values()) {
      for (const chunk of service.take()) {
        if (batch === undefined || !batch.hasRoomFor(chunk)) {
          batch = new OtlpBatch(this.send, this.store, mustRedact);
          batches.push(batch);
        }
        batch.add(service.start, chunk);
        taken++;
      }
    }
    this.waiting = 0;
    // The next time will need about as many.
    this.store.shrinkTo(taken);
    return batches;
  }

  private open(service: string): ServiceSpans {
    const spans = new ServiceSpans(service, this.store);
    this.services.set(service, spans);
    return spans;
  }
}
