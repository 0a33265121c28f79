// The head of an HTTP/1.1 answer, read by the letter of RFC 9112: no folded lines, no bare CR or LF, no space before a colon, one
// canonical length or "chunked" and never both. What breaks a rule is refused, because two readers could take it for two things.

/** An answer that is not HTTP/1.1 as its RFC has it. The connection it came on is of no further use. */
export class ResponseSyntaxError extends Error {
  override readonly name = "ResponseSyntaxError";
}

/** What surrounds an answer's body. Immutable: one head serves all answers that have the very same text. */
export class ResponseHead {
  readonly status: number;
  readonly statusText: string;
  /** Lower-case names and their values in turn, as they came. */
  readonly fields: readonly string[];
  /** -1: not announced. */
  readonly contentLength: number;
  readonly isChunked: boolean;
  /** The other side closes the connection behind this answer. */
  readonly isLast: boolean;

  constructor(status: number, statusText: string, fields: readonly string[]) {
    this.status = status;
    this.statusText = statusText;
    this.fields = fields;
    const codings = allOf(fields, "transfer-encoding");
    const lengths = allOf(fields, "content-length");
    // RFC 9112, 6.1: a coding we do not know leaves the end of the body unknown.
    if (codings.length > 1 || (codings.length === 1 && codings[0]!.toLowerCase() !== "chunked")) {
      throw new ResponseSyntaxError("an answer has a transfer coding other than chunked");
    }
    if (lengths.length > 1) throw new ResponseSyntaxError("an answer announces its length more than once");
    if (lengths.length === 1 && codings.length === 1) {
      throw new ResponseSyntaxError("an answer announces a length and is chunked");
    }
    this.isChunked = codings.length === 1;
    this.contentLength = lengths.length === 0 ? -1 : lengthOf(lengths[0]!);
    this.isLast = allOf(fields, "connection").some((value) => /(?:^|[\s,])close(?:$|[\s,])/i.test(value));
  }

  /** RFC 9110, 6.4.1: these never have a body, whatever their fields say; `isHeadRequest`: nor do answers to HEAD. */
  hasNoBody(isHeadRequest: boolean): boolean {
    return isHeadRequest || this.status === 204 || this.status === 304 || this.contentLength === 0;
  }

  /** The first value of a field by its lower-case name. */
  header(name: string): string | undefined {
    const { fields } = this;
    for (let index = 0; index < fields.length; index += 2) if (fields[index] === name) return fields[index + 1];
    return undefined;
  }

  /** As records: repeated fields joined into a list (RFC 9110, 5.3), but for `set-cookie`, which has one entry each. */
  toHeaders(): Record<string, string | string[]> {
    return fieldRecord(this.fields);
  }
}

/** `fields`: names and values in turn. */
export function fieldRecord(fields: readonly string[]): Record<string, string | string[]> {
  const headers: Record<string, string | string[]> = {};
  for (let index = 0; index < fields.length; index += 2) {
    const name = fields[index]!;
    const value = fields[index + 1]!;
    const known = Object.hasOwn(headers, name) ? headers[name] : undefined;
    if (known === undefined) set(headers, name, name === "set-cookie" ? [value] : value);
    else if (Array.isArray(known)) known.push(value);
    else if (!SINGLE.has(name)) headers[name] = `${known}, ${value}`;
  }
  return headers;
}

/** Fields of which node:http keeps the first: joined they would mean nothing. */
const SINGLE: ReadonlySet<string> = new Set([
  "age",
  "content-length",
  "content-type",
  "etag",
  "expires",
  "last-modified",
  "location",
  "retry-after",
  "server",
]);

/** `__proto__` is a token and may be the name of a field. */
function set(headers: Record<string, string | string[]>, name: string, value: string | string[]): void {
  if (name !== "__proto__") headers[name] = value;
  else Object.defineProperty(headers, name, { value, enumerable: true, configurable: true, writable: true });
}

/** `text`: the bytes before the empty line, as latin1. Throws ResponseSyntaxError. */
export function parseResponseHead(text: string): ResponseHead {
  const lineEnd = text.indexOf("\r\n");
  const statusLine = lineEnd === -1 ? text : text.slice(0, lineEnd);
  // RFC 9112, 4: the space behind the status stays when there is no reason.
  const match = STATUS_LINE.exec(statusLine);
  if (match === null) throw new ResponseSyntaxError("an answer does not begin with a status line of HTTP/1.1");
  const fields = lineEnd === -1 ? [] : parseFields(text, lineEnd + 2);
  return new ResponseHead(Number(match[1]), match[2]!, fields);
}

const STATUS_LINE = /^HTTP\/1\.1 ([1-5][0-9][0-9]) ([\t\x20-\x7e\x80-\xff]*)$/;
const FIELD_NAME = /^[!#$%&'*+\-.^_`|~0-9A-Za-z]+$/;
const FIELD_VALUE = /^[\t\x20-\x7e\x80-\xff]*$/;
const CANONICAL_LENGTH = /^(?:0|[1-9][0-9]{0,14})$/;

/** Names and values in turn, of header or trailer lines that `text` has from `start` on. Throws ResponseSyntaxError. */
export function parseFields(text: string, start: number): string[] {
  const fields: string[] = [];
  let at = start;
  while (at < text.length) {
    const found = text.indexOf("\r\n", at);
    const end = found === -1 ? text.length : found;
    const colon = text.indexOf(":", at);
    if (colon === -1 || colon >= end) throw new ResponseSyntaxError("an answer has a header line without a colon");
    const name = text.slice(at, colon);
    if (!FIELD_NAME.test(name)) throw new ResponseSyntaxError("an answer has a header with a name that is none");
    const value = text.slice(colon + 1, end).replace(/^[\t ]+|[\t ]+$/g, "");
    if (!FIELD_VALUE.test(value)) {
      throw new ResponseSyntaxError(`an answer has a control character in its header ${name.toLowerCase()}`);
    }
    fields.push(name.toLowerCase(), value);
    at = end + 2;
  }
  return fields;
}

function allOf(fields: readonly string[], name: string): string[] {
  const values: string[] = [];
  for (let index = 0; index < fields.length; index += 2) if (fields[index] === name) values.push(fields[index + 1]!);
  return values;
}

function lengthOf(text: string): number {
  if (!CANONICAL_LENGTH.test(text)) throw new ResponseSyntaxError("an answer announces a length that is none");
  return Number(text);
}
