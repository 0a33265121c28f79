// Reads the answers of one HTTP/1.1 connection, however their bytes are cut up. Knows nothing of sockets: bytes go in, the parts of
// answers come out to whoever receives them. Throws ResponseSyntaxError at the first byte that breaks the rules.
//
//   head --1xx--> head
//    |--no body--------------------------------------------> (end) --> head
//    |--content-length--> fixed ---------------------------> (end) --> head
//    |--chunked--> size --0--> trailers -------------------> (end) --> head
//    |              ^  `-----> chunk --> chunk-end --+
//    |              +--------------------------------+
//    `--neither--> until-close -- finish() --> (end)
import { parseFields, parseResponseHead, type ResponseHead, ResponseSyntaxError } from "./response-head.ts";

/** Told of the parts of each answer in order. */
export interface ResponseReceiver {
  /** A final answer begins; gives whether it answers HEAD. Throws when nobody has asked for it. */
  onHead(head: ResponseHead): boolean;
  /** The bytes `start` to `end` of `bytes` belong to the body. */
  onBody(bytes: Buffer, start: number, end: number): void;
  /** `trailers`: names and values in turn. */
  onEnd(trailers: readonly string[]): void;
}

type State = "head" | "fixed" | "size" | "chunk" | "chunk-end" | "trailers" | "until-close";

const HEAD_LIMIT_BYTES = 64 * 1024;
/** Of a line with the size of a chunk, extensions included. */
const SIZE_LINE_LIMIT_BYTES = 256;
const MAX_INTERIM_ANSWERS = 32;

const HEAD_END = Buffer.from("\r\n\r\n");
const LINE_END = Buffer.from("\r\n");
const CHUNK_SIZE = /^([0-9A-Fa-f]{1,12})(?:[\t ]*;[\t\x20-\x7e\x80-\xff]*)?$/;
const NO_TRAILERS: readonly string[] = [];
const SWITCHING_PROTOCOLS = 101;

// hot: guarded by bench/call
export class ResponseParser {
  private readonly receiver: ResponseReceiver;
  private state: State = "head";
  /** Bytes of the body, or of the chunk, that have not come yet. */
  private missing = 0;
  /** The beginning of something that has not come whole. */
  private rest: Buffer | undefined = undefined;
  private interimAnswers = 0;
  /** Answers of one endpoint mostly have the same head until the second changes: it is then compared, and not parsed again. */
  private lastText = "";
  private lastHead: ResponseHead | undefined = undefined;

  constructor(receiver: ResponseReceiver) {
    this.receiver = receiver;
  }

  /** No byte of an answer has come that is not complete. */
  get isBetweenAnswers(): boolean {
    return this.state === "head" && this.rest === undefined;
  }

  /** Throws ResponseSyntaxError, and what the receiver throws; nothing may be fed any more then. */
  feed(chunk: Buffer): void {
    const bytes = this.rest === undefined ? chunk : Buffer.concat([this.rest, chunk]);
    this.rest = undefined;
    let at = 0;
    while (at < bytes.length) {
      const next = this.step(bytes, at);
      if (next === at) {
        this.rest = at === 0 ? bytes : bytes.subarray(at);
        return;
      }
      at = next;
    }
  }

  /** The other side has closed. Throws ResponseSyntaxError when that is not the end of an answer. */
  finish(): void {
    if (this.state === "until-close") this.end(NO_TRAILERS);
    else if (!this.isBetweenAnswers) throw new ResponseSyntaxError("the connection closed in the middle of an answer");
  }

  /** Gives where to go on; the same place: more bytes are needed. */
  private step(bytes: Buffer, at: number): number {
    switch (this.state) {
      case "head":
        return this.readHead(bytes, at);
      case "fixed":
      case "chunk":
        return this.readBody(bytes, at);
      case "size":
        return this.readSize(bytes, at);
      case "chunk-end":
        return this.readChunkEnd(bytes, at);
      case "trailers":
        return this.readTrailers(bytes, at);
      default:
        this.receiver.onBody(bytes, at, bytes.length);
        return bytes.length;
    }
  }

  private readHead(bytes: Buffer, at: number): number {
    const { lastHead, lastText } = this;
    const sameEnd = at + lastText.length;
    if (lastHead !== undefined && bytes.length >= sameEnd && bytes.toString("latin1", at, sameEnd) === lastText) {
      this.begin(lastHead);
      return sameEnd;
    }
    const end = bytes.indexOf(HEAD_END, at);
    if ((end === -1 ? bytes.length : end) - at > HEAD_LIMIT_BYTES) throw new ResponseSyntaxError("a head is too large");
    if (end === -1) return at;
    const next = end + HEAD_END.length;
    const head = parseResponseHead(bytes.toString("latin1", at, end));
    if (head.status < 200) {
      this.passInterim(head);
      return next;
    }
    this.lastText = bytes.toString("latin1", at, next);
    this.lastHead = head;
    this.begin(head);
    return next;
  }

  /** RFC 9110, 15.2: any number of them may come before an answer; we do not wait for ever for one. */
  private passInterim(head: ResponseHead): void {
    if (head.status === SWITCHING_PROTOCOLS) throw new ResponseSyntaxError("nobody has asked for another protocol");
    if (head.isChunked || head.contentLength > 0) throw new ResponseSyntaxError("an interim answer has a body");
    if (++this.interimAnswers > MAX_INTERIM_ANSWERS) throw new ResponseSyntaxError("too many interim answers came");
  }

  private begin(head: ResponseHead): void {
    this.interimAnswers = 0;
    const isHeadRequest = this.receiver.onHead(head);
    if (head.hasNoBody(isHeadRequest)) this.end(NO_TRAILERS);
    else if (head.isChunked) this.state = "size";
    else if (head.contentLength === -1) this.state = "until-close";
    else {
      this.state = "fixed";
      this.missing = head.contentLength;
    }
  }

  private readBody(bytes: Buffer, at: number): number {
    const end = Math.min(bytes.length, at + this.missing);
    this.missing -= end - at;
    this.receiver.onBody(bytes, at, end);
    if (this.missing > 0) return end;
    if (this.state === "chunk") this.state = "chunk-end";
    else this.end(NO_TRAILERS);
    return end;
  }

  private readSize(bytes: Buffer, at: number): number {
    const end = bytes.indexOf(LINE_END, at);
    if ((end === -1 ? bytes.length : end) - at > SIZE_LINE_LIMIT_BYTES) {
      throw new ResponseSyntaxError("a line with the size of a chunk is too long");
    }
    if (end === -1) return at;
    const match = CHUNK_SIZE.exec(bytes.toString("latin1", at, end));
    if (match === null) throw new ResponseSyntaxError("a chunk has a size that is none");
    this.missing = Number.parseInt(match[1]!, 16);
    this.state = this.missing === 0 ? "trailers" : "chunk";
    return end + LINE_END.length;
  }

  private readChunkEnd(bytes: Buffer, at: number): number {
    if (bytes.length - at < LINE_END.length) {
      if (bytes[at] !== LINE_END[0]) throw new ResponseSyntaxError("a chunk is longer than its size");
      return at;
    }
    if (bytes[at] !== LINE_END[0] || bytes[at + 1] !== LINE_END[1]) {
      throw new ResponseSyntaxError("a chunk is longer than its size");
    }
    this.state = "size";
    return at + LINE_END.length;
  }

  private readTrailers(bytes: Buffer, at: number): number {
    if (bytes.length - at < LINE_END.length) return at;
    if (bytes[at] === LINE_END[0] && bytes[at + 1] === LINE_END[1]) {
      this.end(NO_TRAILERS);
      return at + LINE_END.length;
    }
    const end = bytes.indexOf(HEAD_END, at);
    if ((end === -1 ? bytes.length : end) - at > HEAD_LIMIT_BYTES)
      throw new ResponseSyntaxError("trailers are too large");
    if (end === -1) return at;
    this.end(parseFields(bytes.toString("latin1", at, end), 0));
    return end + HEAD_END.length;
  }

  private end(trailers: readonly string[]): void {
    this.state = "head";
    this.receiver.onEnd(trailers);
  }
}
