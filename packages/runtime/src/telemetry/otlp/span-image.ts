// The bytes of a span of one template as they stand in an export request, with holes of fixed width for ids and times: a span is a copy
// of them with the holes filled. Made again when there is something new to hide.
import { redactionVersion } from "../redaction.ts";
import type { RecordedSpan } from "../recorded-span.ts";
import { encodeAttributes, encodeConstants } from "./encode-spans.ts";

const TRACE_DIGITS = "0".repeat(32);
const SPAN_DIGITS = "0".repeat(16);
/** Of nanoseconds since 1970, from 2001 to 2286. */
const TIME_DIGITS = "0".repeat(19);

export interface SpanImage {
  /**
   * From the comma before the span to its last constant attribute, and for public requests on to where the path stands; what follows is
   * the span's own.
   */
  readonly bytes: Uint8Array;
  /** Where the three digits of the status of a public request go; -1 for all other spans. */
  readonly statusAt: number;
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

const STATUS = '{"key":"http.response.status_code","value":{"intValue":"';
const PATH = '000"}},{"key":"url.path","value":{"stringValue":"';

/** undefined: to be written without one. Templates of a single span never get one, those of many with their second. */
// hot: guarded by bench/spans
export function imageOf(span: RecordedSpan): SpanImage | undefined {
  const { template } = span;
  const image = span.isRoot ? template.rootImage : template.childImage;
  if (image === null || image.redactionVersion !== redactionVersion()) {
    if (template.written++ > 0) makeImage(span);
    return undefined;
  }
  const isOfRequest = span.request !== null && span.request.status !== 0;
  return isOfRequest === image.statusAt > 0 ? image : undefined;
}

function makeImage({ template, isRoot, request }: RecordedSpan): void {
  const parent = isRoot ? "" : `","parentSpanId":"${SPAN_DIGITS}`;
  const ids = `,{"traceId":"${TRACE_DIGITS}","spanId":"${SPAN_DIGITS}${parent}`;
  const times = `","startTimeUnixNano":"${TIME_DIGITS}","endTimeUnixNano":"${TIME_DIGITS}",`;
  const attributes = encodeAttributes(template.attributes);
  const constant = ids + times + encodeConstants(template) + attributes;
  const isOfRequest = request !== null;
  const beforeStatus = attributes === "" ? STATUS : `,${STATUS}`;
  const image = {
    bytes: Buffer.from(isOfRequest ? constant + beforeStatus + PATH : constant, "latin1"),
    statusAt: isOfRequest ? constant.length + beforeStatus.length : -1,
    hasAttributes: isOfRequest || attributes !== "",
    redactionVersion: redactionVersion(),
  };
  if (isRoot) template.rootImage = image;
  else template.childImage = image;
}
