// One finished span -> OTLP JSON behind what its service has waiting.
import type { Attributes } from "@tenon/model";
import { type PublicRequest, publicRequestAttributes } from "../public-request.ts";
import type { RecordedSpan } from "../recorded-span.ts";
import { redactText } from "../redaction.ts";
import { encodeAttributes, encodeOutcome, encodeSpan } from "./encode-spans.ts";
import type { ServiceSpans } from "./service-spans.ts";
import { MAX_BYTES_PER_CHARACTER } from "./span-chunk.ts";
import { imageOf, type SpanImage } from "./span-image.ts";

const CLIENT_ADDRESS = ascii('"}},{"key":"client.address","value":{"stringValue":"');
const USER_AGENT = ascii('"}},{"key":"user_agent.original","value":{"stringValue":"');
const VALUE_END = '"}}';
const SPAN_END = "]}";
const REQUEST_BYTES = CLIENT_ADDRESS.length + USER_AGENT.length + VALUE_END.length;

// hot: guarded by bench/spans
export function writeSpan(waiting: ServiceSpans, span: RecordedSpan): void {
  const image = imageOf(span);
  if (image === undefined || !fitsImage(span)) writeWhole(waiting, span);
  else if (span.request === null) writeAfterImage(waiting, span, image);
  else writeRequest(waiting, span, image, span.request);
}

// hot: guarded by bench/spans
function writeAfterImage(waiting: ServiceSpans, span: RecordedSpan, image: SpanImage): void {
  const rest = restOf(span, image.hasAttributes);
  const chunk = waiting.roomFor(image.bytes.length + rest.length);
  chunk.putSpan(image, span);
  chunk.putAscii(rest);
}

// hot: guarded by bench/spans
function writeRequest(waiting: ServiceSpans, span: RecordedSpan, image: SpanImage, request: PublicRequest): void {
  const path = redactText(request.path);
  const address = redactText(request.clientAddress);
  const agent = request.userAgent === undefined ? undefined : redactText(request.userAgent);
  const rest = restOf(span, true);
  const characters = path.length + address.length + (agent === undefined ? 0 : agent.length);
  const textBytes = characters * MAX_BYTES_PER_CHARACTER;
  const chunk = waiting.roomFor(image.bytes.length + REQUEST_BYTES + textBytes + rest.length);
  chunk.putRequestSpan(image, span, request.status);
  chunk.putText(path);
  if (address !== "") {
    chunk.putBytes(CLIENT_ADDRESS);
    chunk.putText(address);
  }
  if (agent !== undefined) {
    chunk.putBytes(USER_AGENT);
    chunk.putText(agent);
  }
  chunk.putAscii(VALUE_END);
  chunk.putAscii(rest);
}

/** What was set while it ran must not repeat a name that the image has: it would stand there twice. */
function fitsImage({ added, template, request }: RecordedSpan): boolean {
  if (added === null) return true;
  const ofRequest = publicRequestAttributes(request);
  for (const key in added) if (key in template.attributes || key in ofRequest) return false;
  return true;
}

/** Everything behind the image and the attributes of a request. */
function restOf(span: RecordedSpan, hasAttributes: boolean): string {
  const { added } = span;
  if (added === null && span.status === "unset" && span.events.length === 0 && span.links.length === 0) return SPAN_END;
  return `${addedAttributes(added, hasAttributes)}],${encodeOutcome(span)}}`;
}

function addedAttributes(added: Attributes | null, hasAttributes: boolean): string {
  const encoded = added === null ? "" : encodeAttributes(added);
  return hasAttributes && encoded !== "" ? `,${encoded}` : encoded;
}

function writeWhole(waiting: ServiceSpans, span: RecordedSpan): void {
  const text = `,${encodeSpan(span)}`;
  const chunk = waiting.roomFor(text.length);
  chunk.putAscii(text);
  chunk.spans++;
}

function ascii(text: string): Uint8Array {
  return Buffer.from(text, "latin1");
}
