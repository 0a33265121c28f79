// Reads the answers that arrive on a connection, in whatever pieces, as strictly as requests are read: an answer that two readers could
// take apart differently is none. It knows nothing of sockets; whoever uses it feeds it and closes the connection when it throws.
//
//   head ──100..199──> head           (the answer itself is still to come)
//    ├──no body────────────────────> head of the next
//    ├──content-length──> fixed ───> head of the next
//    ├──chunked─────────> chunks ──> head of the next
//    └──neither─────────> rest ────> closed, at the end of the connection
import { ChunkedBody } from "./chunked-body.ts";
import { FieldBlock } from "./field-block.ts";
import { CR, LF, SPACE, VALUE } from "./field-rules.ts";
import { FramingError } from "./framing-error.ts";
import { lineEnd, readFields } from "./read-fields.ts";
import { NO_LENGTH, readFraming } from "./read-framing.ts";

/** The head of an answer. */
export class ResponseHead extends FieldBlock {
  readonly status: number;
  readonly statusText: string;
  /** The connection may be used again once the answer is complete. */
  readonly keepAlive: boolean;
  /** null: not known beforehand. */
  readonly bodySizeBytes: number | null;

  constructor(
    head: string,
    fields: readonly number[],
    status: number,
    statusText: string,
    keepAlive: boolean,
    bodySizeBytes: number | null,
  ) {
    super(head, fields);
    this.status = status;
    this.statusText = statusText;
    this.keepAlive = keepAlive;
    this.bodySizeBytes = bodySizeBytes;
  }
}

export interface ResponseHandler {
  /** "no body": the answer is to a HEAD, and ends with its head whatever that announces. */
  expectedBody(): "body" | "no body";
  /** An interim answer, such as 100. */
  onInterim(status: number): void;
  onHead(head: ResponseHead): void;
  /** A part of the body, never empty; the bytes stay as they are. Small bodies mostly come as one. */
  onBodyPart(part: Buffer): void;
  onEnd(trailers: Readonly<Record<string, string>>): void;
}

interface KnownHead {
  readonly text: string;
  readonly head: ResponseHead;
  readonly contentLength: number;
}

type State = "head" | "fixed" | "chunks" | "rest" | "closed";

const NO_TRAILERS: Readonly<Record<string, string>> = Object.freeze({});
const DEFAULT_HEAD_LIMIT_BYTES = 64 * 1024;

export class ResponseParser {
  readonly #handler: ResponseHandler;
  readonly #headLimitBytes: number;
  #state: State = "head";
  #partial: Buffer | null = null;
  #left = 0;
  #chunks: ChunkedBody | null = null;
  #keepAlive = true;
  /** The last head with a body: answers of one endpoint often have the very same until the second changes, which is not parsed again. */
  #known: KnownHead | null = null;

  /** `headLimitBytes` default: 64 KiB. */
  constructor(handler: ResponseHandler, headLimitBytes: number = DEFAULT_HEAD_LIMIT_BYTES) {
    this.#handler = handler;
    this.#headLimitBytes = headLimitBytes;
  }

  /** No answer is half read. */
  get isBetweenAnswers(): boolean {
    return (this.#state === "head" || this.#state === "closed") && this.#partial === null;
  }

  /** Throws FramingError; nothing more may be fed then. Bytes behind an answer that was the last one are refused too. */
  // hot: guarded by bench/call-across
  push(chunk: Buffer): void {
    let bytes = chunk;
    if (this.#partial !== null) {
      bytes = Buffer.concat([this.#partial, chunk]);
      this.#partial = null;
      if (chunk.indexOf(LF) === -1) {
        this.#keepPartial(bytes);
        return;
      }
    }
    let at = 0;
    while (at < bytes.length) {
      if (this.#state === "head") {
        const end = this.#readHead(bytes, at);
        if (end === -1) {
          this.#keepPartial(bytes.subarray(at));
          return;
        }
        at = end;
      } else at = this.#readBody(bytes, at);
    }
  }

  /** The connection has ended. Throws FramingError when an answer was half read. */
  finish(): void {
    if (this.#state === "rest") this.#end(NO_TRAILERS);
    else if (!this.isBetweenAnswers) throw new FramingError("incomplete");
    this.#state = "closed";
  }

  #keepPartial(bytes: Buffer): void {
    if (bytes.length > this.#headLimitBytes) throw new FramingError("head-size");
    this.#partial = bytes;
  }

  #readHead(bytes: Buffer, start: number): number {
    const known = this.#known;
    if (known !== null && this.#handler.expectedBody() === "body") {
      const knownEnd = start + known.text.length;
      if (knownEnd <= bytes.length && bytes.toString("latin1", start, knownEnd) === known.text) {
        this.#beginAgain(known);
        return knownEnd;
      }
    }
    const lineAt = readStatusLine(bytes, start);
    if (lineAt === -1) return -1;
    const fields: number[] = [];
    const end = readFields(bytes, lineAt, start, fields);
    if (end === -1) return -1;
    if (end - start > this.#headLimitBytes) throw new FramingError("head-size");
    this.#begin(bytes.toString("latin1", start, end), fields, lineAt - start);
    return end;
  }

  #begin(head: string, fields: readonly number[], fieldsAt: number): void {
    const status = Number(head.slice(9, 12));
    const framing = readFraming(head, fields);
    const isOld = head.charCodeAt(7) === 0x30;
    if (isOld && framing.isChunked) throw new FramingError("old-chunked");
    if (status < 200) {
      // Nobody asks here to leave HTTP.
      if (status === 101) throw new FramingError("status-line");
      this.#handler.onInterim(status);
      return;
    }
    const isBodyless = status === 204 || status === 304 || this.#handler.expectedBody() === "no body";
    const { contentLength, isChunked } = framing;
    const hasEnd = isBodyless || isChunked || contentLength !== NO_LENGTH;
    this.#keepAlive = hasEnd && !framing.isLast && (!isOld || framing.isKept);
    const sizeBytes = isBodyless ? 0 : contentLength === NO_LENGTH ? null : contentLength;
    const statusText = head.slice(13, fieldsAt - 2);
    const parsed = new ResponseHead(head, fields, status, statusText, this.#keepAlive, sizeBytes);
    if (!isBodyless && !isChunked && hasEnd) this.#known = { text: head, head: parsed, contentLength };
    this.#handler.onHead(parsed);
    if (isBodyless || contentLength === 0) this.#end(NO_TRAILERS);
    else if (isChunked) {
      this.#chunks = new ChunkedBody(this.#headLimitBytes);
      this.#state = "chunks";
    } else {
      this.#left = contentLength;
      this.#state = hasEnd ? "fixed" : "rest";
    }
  }

  #beginAgain({ head, contentLength }: KnownHead): void {
    this.#keepAlive = head.keepAlive;
    this.#handler.onHead(head);
    if (contentLength === 0) this.#end(NO_TRAILERS);
    else {
      this.#left = contentLength;
      this.#state = "fixed";
    }
  }

  #readBody(bytes: Buffer, at: number): number {
    if (this.#state === "closed") throw new FramingError("status-line");
    if (this.#state === "chunks") {
      const chunks = this.#chunks!;
      const end = chunks.read(bytes, at, this.#handler);
      if (chunks.isDone) this.#end(chunks.trailers);
      return end;
    }
    const end = this.#state === "rest" ? bytes.length : Math.min(bytes.length, at + this.#left);
    this.#left -= end - at;
    this.#handler.onBodyPart(at === 0 && end === bytes.length ? bytes : bytes.subarray(at, end));
    if (this.#state === "fixed" && this.#left === 0) this.#end(NO_TRAILERS);
    return end;
  }

  #end(trailers: Readonly<Record<string, string>>): void {
    this.#chunks = null;
    this.#state = this.#keepAlive ? "head" : "closed";
    this.#handler.onEnd(trailers);
  }
}

/** Position behind the line, -1 while it has not all arrived: `HTTP/1.1 200 OK`, with the space before the reason also if there is none. */
function readStatusLine(bytes: Buffer, start: number): number {
  const { length } = bytes;
  let at = start;
  for (let index = 0; index < VERSION.length; index++, at++) {
    if (at === length) return -1;
    if (bytes[at] !== VERSION.charCodeAt(index)) throw new FramingError(index < 5 ? "status-line" : "version");
  }
  if (at + 5 > length) return -1;
  if (bytes[at] !== 0x31 && bytes[at] !== 0x30) throw new FramingError("version");
  const status = digit(bytes, at + 2) * 100 + digit(bytes, at + 3) * 10 + digit(bytes, at + 4);
  if (bytes[at + 1] !== SPACE || !(status >= 100)) throw new FramingError("status-line");
  at += 5;
  if (at === length) return -1;
  if (bytes[at] !== SPACE) throw new FramingError("status-line");
  while (at < length && VALUE[bytes[at]!] === 1) at++;
  if (at === length) return -1;
  if (bytes[at] !== CR) throw new FramingError("status-line");
  return lineEnd(bytes, at);
}

const VERSION = "HTTP/1.";

/** NaN for anything else. */
function digit(bytes: Buffer, at: number): number {
  const value = bytes[at]! - 0x30;
  return value >= 0 && value <= 9 ? value : Number.NaN;
}
