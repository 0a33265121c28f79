// Bytes to the head of a request, or a refusal: request line, fields, framing, host, each by RFC 9112 and no more leniently.
import { isHost } from "./check-host.ts";
import { FastRequest } from "./fast-request.ts";
import { CR, LF, SPACE, TARGET, TOKEN } from "./field-rules.ts";
import { FramingError } from "./framing-error.ts";
import { lineEnd, readFields } from "./read-fields.ts";
import { readFraming } from "./read-framing.ts";

const QUESTION_MARK = 0x3f;
const SLASH = 0x2f;
const ABSOLUTE_FORM = /^https?:\/\/([^/?]+)/i;
const VERSION = "HTTP/1.";
/** " HTTP/1.1" */
const VERSION_BYTES = 9;

/** The request whose head starts at `from`; null while it has not all arrived. Throws FramingError. */
// hot: guarded by bench/hello
export function parseHead(bytes: Buffer, from: number, limitBytes: number): FastRequest | null {
  const { length } = bytes;
  let start = from;
  if (bytes[from] === CR) {
    // RFC 9112, 2.2: one empty line in front may be what is left of a client's last body.
    start = lineEnd(bytes, from);
    if (start === -1 || start === length) return null;
    if (bytes[start] === CR) throw new FramingError("empty-lines");
  }
  let at = start;
  while (at < length && TOKEN[bytes[at]!] !== 0) at++;
  if (at === length) return incomplete(length - from, limitBytes);
  if (bytes[at] !== SPACE || at === start) throw new FramingError(bytes[at] === LF ? "line-end" : "method");
  const methodEnd = at - start;
  const targetStart = ++at - start;
  let queryAt = -1;
  for (; at < length && TARGET[bytes[at]!] === 1; at++) {
    if (bytes[at] === QUESTION_MARK && queryAt === -1) queryAt = at - start;
  }
  if (at === length) return incomplete(length - from, limitBytes);
  if (bytes[at] !== SPACE || at - start === targetStart) throw new FramingError("target");
  const targetEnd = at - start;
  const isWhole = checkVersion(bytes, at + 1);
  if (!isWhole) return incomplete(length - from, limitBytes);
  const isOld = bytes[at + VERSION_BYTES - 1] === 0x30;
  if (bytes[at + VERSION_BYTES] !== CR) throw new FramingError("request-line");
  const fieldsAt = lineEnd(bytes, at + VERSION_BYTES);
  const fields: number[] = [];
  const end = fieldsAt === -1 ? -1 : readFields(bytes, fieldsAt, start, fields);
  if (end === -1) return incomplete(length - from, limitBytes);
  if (end - from > limitBytes) throw new FramingError("head-size");
  const head = bytes.toString("latin1", start, end);
  const framing = readFraming(head, fields);
  if (isOld && framing.isChunked) throw new FramingError("old-chunked");
  if (framing.hostCount !== 1 && !(isOld && framing.hostCount === 0)) throw new FramingError("host");
  if (!isHost(head, framing.hostStart, framing.hostEnd)) throw new FramingError("host");
  const method = methodOf(head, methodEnd);
  const request = new FastRequest(head, fields, framing, method ?? head.slice(0, methodEnd), end - from);
  request.needsNode = isOld || method === undefined || framing.asksUpgrade || expectsUnknown(framing.expect);
  if (bytes[start + targetStart] === SLASH) {
    request.path = head.slice(targetStart, queryAt === -1 ? targetEnd : queryAt);
    if (queryAt !== -1) request.query = head.slice(queryAt + 1, targetEnd);
  } else readTarget(request, head.slice(targetStart, targetEnd));
  return request;
}

/** Whether these bytes, which are not all of a head, are the beginning of one; an empty line is not. */
export function isHeadBegun(partial: Buffer | null): boolean {
  return partial !== null && (partial[0] !== CR || partial.length > 2);
}

function incomplete(sizeBytes: number, limitBytes: number): null {
  if (sizeBytes > limitBytes) throw new FramingError("head-size");
  return null;
}

/** Whether all of "HTTP/1.1" and the byte behind it have arrived. */
function checkVersion(bytes: Buffer, start: number): boolean {
  const { length } = bytes;
  for (let index = 0; index < VERSION.length; index++) {
    if (start + index === length) return false;
    if (bytes[start + index] !== VERSION.charCodeAt(index)) {
      throw new FramingError(index < 5 ? "request-line" : "version");
    }
  }
  const minor = start + VERSION.length;
  if (minor + 1 >= length) return false;
  if (bytes[minor] !== 0x31 && bytes[minor] !== 0x30) throw new FramingError("version");
  return true;
}

/** The methods that are served here, always as the same string; all others are Node's to understand. */
function methodOf(head: string, length: number): string | undefined {
  if (length === 3) return head.startsWith("GET") ? "GET" : head.startsWith("PUT") ? "PUT" : undefined;
  if (length === 4) return head.startsWith("POST") ? "POST" : head.startsWith("HEAD") ? "HEAD" : undefined;
  if (length === 5) return head.startsWith("PATCH") ? "PATCH" : undefined;
  if (length === 6) return head.startsWith("DELETE") ? "DELETE" : undefined;
  return length === 7 && head.startsWith("OPTIONS") ? "OPTIONS" : undefined;
}

function expectsUnknown(expect: string | undefined): boolean {
  return expect !== undefined && expect !== "100-continue";
}

/** The forms other than "/path?query" (RFC 9112, 3.2.2 to 3.2.4). */
function readTarget(request: FastRequest, target: string): void {
  if (target === "*" && request.method === "OPTIONS") {
    request.path = "*";
    return;
  }
  const match = ABSOLUTE_FORM.exec(target);
  if (match === null) {
    if (request.method !== "CONNECT") throw new FramingError("target");
    return;
  }
  const authority = match[1]!;
  if (!isHost(authority, 0, authority.length)) throw new FramingError("target");
  const rest = target.slice(match[0].length);
  const queryAt = rest.indexOf("?");
  request.path = (queryAt === -1 ? rest : rest.slice(0, queryAt)) || "/";
  request.query = queryAt === -1 ? "" : rest.slice(queryAt + 1);
}
