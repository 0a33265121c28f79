// Exports spans that are there as objects, for processes that also keep them for themselves.
import type { SpanSink } from "../object-outlet.ts";
import { createOtlpSender, type OtlpOptions } from "./create-otlp-sender.ts";
import { encodeSpans } from "./encode-spans.ts";

export function createOtlpSink(options: OtlpOptions): SpanSink {
  const send = createOtlpSender(options);
  return (spans, signal) => send([Buffer.from(encodeSpans(spans))], spans.length, signal);
}
