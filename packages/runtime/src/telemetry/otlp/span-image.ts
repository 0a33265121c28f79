// The bytes of a span of one template as they stand in an export request, with holes of fixed width for ids and times: a span is a copy
// of them with the holes filled. Made again when there is something new to hide.
import { redactionVersion } from "../redaction.ts";
import type { RecordedSpan } from "../recorded-span.ts";
import type { SpanTemplate } from "../span-template.ts";
import { encodeAttributes, encodeConstants } from "./encode-spans.ts";

const TRACE_DIGITS = "0".repeat(32);
const SPAN_DIGITS = "0".repeat(16);
/** Of nanoseconds since 1970, from 2001 to 2286. */
const TIME_DIGITS = "0".repeat(19);

export interface SpanImage {
  /** From the comma before the span to its last constant attribute; what stands behind it is the span's own. */
  readonly bytes: Uint8Array;
  readonly hasAttributes: boolean;
  readonly redactionVersion: number;
}

/** Where the holes are: the same in all images of roots, and in all of children. */
export const TRACE_ID_AT = ',{"traceId":"'.length;
export const SPAN_ID_AT = TRACE_ID_AT + `${TRACE_DIGITS}","spanId":"`.length;
export const PARENT_ID_AT = SPAN_ID_AT + `${SPAN_DIGITS}","parentSpanId":"`.length;
export const ROOT_START_AT = SPAN_ID_AT + `${SPAN_DIGITS}","startTimeUnixNano":"`.length;
export const CHILD_START_AT = PARENT_ID_AT + `${SPAN_DIGITS}","startTimeUnixNano":"`.length;
/** From one time to the other. */
export const END_AFTER_START = `${TIME_DIGITS}","endTimeUnixNano":"`.length;

/** undefined for the first span of a template: most templates that have had one are those of a single span. */
// hot: guarded by bench/spans
export function imageOf(span: RecordedSpan): SpanImage | undefined {
  const { template } = span;
  const image = span.isRoot ? template.rootImage : template.childImage;
  if (image !== null && image.redactionVersion === redactionVersion()) return image;
  return template.written++ === 0 ? undefined : makeImage(template, span.isRoot);
}

function makeImage(template: SpanTemplate, isRoot: boolean): SpanImage {
  const attributes = encodeAttributes(template.attributes);
  const parent = isRoot ? "" : `","parentSpanId":"${SPAN_DIGITS}`;
  const ids = `,{"traceId":"${TRACE_DIGITS}","spanId":"${SPAN_DIGITS}${parent}`;
  const times = `","startTimeUnixNano":"${TIME_DIGITS}","endTimeUnixNano":"${TIME_DIGITS}",`;
  const image = {
    bytes: Buffer.from(ids + times + encodeConstants(template) + attributes, "latin1"),
    hasAttributes: attributes !== "",
    redactionVersion: redactionVersion(),
  };
  if (isRoot) template.rootImage = image;
  else template.childImage = image;
  return image;
}
