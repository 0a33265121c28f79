// The spans of handlers. One of a single message goes on with its publisher's trace; each is linked to the publishers of its messages, and
// to the replays that brought them back from the dead letters.
import type { RecordedSpan } from "../telemetry/recorded-span.ts";
import { startTemplateSpan } from "../telemetry/recorder.ts";
import type { SpanContext } from "../telemetry/span.ts";
import type { SpanTemplate } from "../telemetry/span-template.ts";
import { parseTraceparent } from "../telemetry/trace-context.ts";
import type { Delivery } from "./broker.ts";

/** Where a message comes from. */
export type Origin = Pick<Delivery, "id" | "traceparent"> & Partial<Pick<Delivery, "replayTraceparent">>;

/** `origins`: one at least; an array is a batch. */
export function startConsumerSpan(template: SpanTemplate, origins: Origin | readonly Origin[]): RecordedSpan {
  const isBatch = Array.isArray(origins);
  const all: readonly Origin[] = isBatch ? origins : [origins as Origin];
  const publishers = all.map(({ traceparent }) => parseTraceparent(traceparent));
  const span = startTemplateSpan(template, commonParent(publishers));
  for (const [index, { id, replayTraceparent }] of all.entries()) {
    const publisher = publishers[index];
    const replay = parseTraceparent(replayTraceparent ?? undefined);
    const about = isBatch ? { "messaging.message.id": id } : {};
    if (publisher !== undefined) span.link(publisher, { "tenon.link": "publish", ...about });
    if (replay !== undefined) span.link(replay, { "tenon.link": "replay", ...about });
  }
  if (isBatch) span.set("messaging.batch.message_count", all.length);
  else span.set("messaging.message.id", all[0]!.id);
  return span;
}

/** Messages of several traces are handled in one of its own. */
function commonParent([first, ...others]: readonly (SpanContext | undefined)[]): SpanContext | undefined {
  return others.every((other) => other?.traceId === first?.traceId) ? first : undefined;
}
