// What the parser of the fast lane makes of bytes, whole or in two pieces: as a connection feeds it, without a socket.
import { isDeepStrictEqual } from "node:util";
import { ArrivingBody } from "../../../packages/runtime/dist/http/arriving-body.js";
import { FramingError } from "../../../packages/runtime/dist/http/framing-error.js";
import { parseHead } from "../../../packages/runtime/dist/http/parse-head.js";

export const HEADER_LIMIT_BYTES = 16 * 1024;

/** Nobody holds a body back here. */
const freeFlow = { resumeBody() {} };
const EMPTY = Buffer.alloc(0);
const NO_TRAILERS = Object.freeze({});

/** As `Understood`; what costs time is made when it is asked for. */
class ReadRequest {
  constructor(request) {
    this.parsed = request;
    this.isComplete = !request.hasBody;
    this.body = "";
    this.trailers = NO_TRAILERS;
  }
  get method() {
    return this.parsed.method;
  }
  get path() {
    return this.parsed.path;
  }
  get query() {
    return this.parsed.query;
  }
  get headers() {
    return this.parsed.headers;
  }

  /** What else there is to know of a head follows from its text and the places of its fields. */
  isSameAs(other) {
    const { head, fields } = this.parsed;
    return (
      head === other.parsed.head &&
      fields.length === other.parsed.fields.length &&
      fields.every((offset, index) => offset === other.parsed.fields[index]) &&
      this.path === other.path &&
      this.query === other.query &&
      this.isComplete === other.isComplete &&
      this.body === other.body &&
      (this.trailers === other.trailers || isDeepStrictEqual(this.trailers, other.trailers))
    );
  }
}

/** A connection's worth of parsing; gives what `node-reader.mjs` gives, as `Reading`. */
export class FastReader {
  #pending = EMPTY;
  #body = null;
  #parts = [];
  #fedBytes = 0;
  requests = [];
  /** Where heads began. */
  starts = [];
  end = "open";
  reason = "";

  /** @param {Buffer} bytes */
  feed(bytes) {
    if (this.end !== "open") return;
    const all = this.#pending.length === 0 ? bytes : Buffer.concat([this.#pending, bytes]);
    const base = this.#fedBytes - this.#pending.length;
    this.#fedBytes += bytes.length;
    this.#pending = EMPTY;
    try {
      let at = 0;
      while (at < all.length && this.end === "open") {
        if (this.#body !== null) at = this.#readBody(all, at);
        else {
          if (this.starts.at(-1) !== base + at) this.starts.push(base + at);
          const next = this.#readHead(all, at);
          if (next === -1) {
            this.#pending = all.subarray(at);
            return;
          }
          at = next;
        }
      }
    } catch (error) {
      if (!(error instanceof FramingError)) throw error;
      this.end = "refused";
      this.reason = error.rule;
    }
  }

  /** Where the head began that has not all come; -1 when nothing waits, or a body. */
  get headWaitsFrom() {
    return this.end === "open" && this.#body === null && this.#pending.length > 0 ? this.starts.at(-1) : -1;
  }

  /** Nothing more will come. */
  finish() {
    const { requests, starts, reason } = this;
    // What is left of an empty line in front of a next request is no request that has begun (RFC 9112, 2.2).
    const hasBegun = this.#pending.length > 2 || !"\r\n".startsWith(this.#pending.latin1Slice());
    const isWaiting = this.end === "open" && (hasBegun || this.#body !== null);
    if (this.#body !== null) requests.at(-1).body = this.#collected();
    return { requests, starts, end: isWaiting ? "incomplete" : this.end, reason };
  }

  #readHead(bytes, at) {
    const request = parseHead(bytes, at, HEADER_LIMIT_BYTES);
    if (request === null) return -1;
    const { framing } = request;
    if (request.needsNode) {
      this.end = "left";
      return bytes.length;
    }
    this.requests.push(new ReadRequest(request));
    if (request.hasBody) {
      this.#body = new ArrivingBody(framing, freeFlow, HEADER_LIMIT_BYTES);
      this.#body.onBodyPart = (part) => this.#parts.push(part);
    }
    if (framing.isLast && !request.hasBody) this.end = "closed";
    this.isLast = framing.isLast;
    return at + request.headSizeBytes;
  }

  #readBody(bytes, from) {
    const at = this.#body.take(bytes, from);
    if (!this.#body.isOver) return at;
    const request = this.requests.at(-1);
    request.body = this.#collected();
    if (Object.keys(this.#body.trailers).length > 0) request.trailers = this.#body.trailers;
    request.isComplete = true;
    this.#body = null;
    if (this.isLast) this.end = "closed";
    return at;
  }

  #collected() {
    let text = "";
    for (const part of this.#parts) text += part.latin1Slice();
    this.#parts = [];
    return text;
  }
}

export function readFast(pieces) {
  const reader = new FastReader();
  for (const piece of pieces) reader.feed(piece);
  return reader.finish();
}

/** Whether bytes that arrive in two pieces are understood as they are in one. */
export function isSameInTwo(bytes, at, whole) {
  const reader = new FastReader();
  reader.feed(bytes.subarray(0, at));
  const waitsFrom = reader.headWaitsFrom;
  if (waitsFrom !== -1) {
    // Reading a head keeps nothing but its bytes: with the rest it begins anew, where the reading of all of it began this head, too.
    return (
      whole.starts.includes(waitsFrom) &&
      reader.requests.every((request, n) => isSameRequest(request, whole.requests[n]))
    );
  }
  reader.feed(bytes.subarray(at));
  return isSameReading(whole, reader.finish());
}

const isSameRequest = (one, other) => other !== undefined && one.isSameAs(other);

/** Two readings, which must be the same in everything. */
export function isSameReading(one, other) {
  if (one.end !== other.end || one.reason !== other.reason || one.requests.length !== other.requests.length)
    return false;
  return one.requests.every((request, index) => request.isSameAs(other.requests[index]));
}
