// A request of the fast lane: what its head says, and its body, which has arrived already or is still arriving.
import { Readable } from "node:stream";
import type { IncomingRequest, NodeExchange, OutgoingResponse } from "../call/exchange.ts";
import { RequestError } from "../call/request-error.ts";
import type { ArrivingBody } from "./arriving-body.ts";
import { FieldBlock } from "./field-block.ts";
import { type Framing, NO_LENGTH } from "./read-framing.ts";

/** What a request asks of the connection it came by. */
export interface RequestConnection {
  readonly remoteAddress: string;
  sendContinue(): void;
}

const NOTHING = Buffer.alloc(0);
const NO_TRAILERS: Readonly<Record<string, string>> = Object.freeze({});

// hot: guarded by bench/hello
export class FastRequest extends FieldBlock implements IncomingRequest {
  readonly method: string;
  path = "/";
  query = "";
  readonly bodySizeBytes: number | null;
  readonly hasBody: boolean;
  awaitsContinue: boolean;
  readonly framing: Framing;
  /** Of the head, with an empty line in front if there is one. */
  readonly headSizeBytes: number;
  /** It is for the compat lane, whatever endpoint it is for. */
  needsNode = false;
  matched: unknown = undefined;
  readonly deadlineAt: number | undefined = undefined;
  connection: RequestConnection | null = null;
  /** All of the body, where it came with the head. */
  whole: Buffer = NOTHING;
  /** The body, where it did not. */
  arriving: ArrivingBody | null = null;
  /** The answer, once it is known. */
  outgoing: OutgoingResponse | null = null;
  /** The answer is being sent. */
  isBegun = false;
  /** All of the answer has been given to the socket. */
  isSent = false;
  /** The one behind it on the same connection. */
  next: FastRequest | null = null;
  private stream: Readable | null = null;
  private isGone = false;
  private whenGone: (() => void) | null = null;
  private alsoWhenGone: (() => void)[] | null = null;

  constructor(head: string, fields: readonly number[], framing: Framing, method: string, headSizeBytes: number) {
    super(head, fields);
    this.framing = framing;
    this.method = method;
    this.headSizeBytes = headSizeBytes;
    const { contentLength, isChunked, expect } = framing;
    this.bodySizeBytes = contentLength === NO_LENGTH ? null : contentLength;
    this.hasBody = isChunked || contentLength > 0;
    this.awaitsContinue = expect !== undefined && this.hasBody;
  }

  get allowsPipelining(): boolean {
    return true;
  }

  get remoteAddress(): string {
    return this.connection!.remoteAddress;
  }

  /** Nothing more of the body will arrive. */
  get isBodyOver(): boolean {
    return this.arriving === null || this.arriving.isOver;
  }

  openBody(): Readable {
    this.letBodyCome();
    this.stream ??= this.arriving === null ? streamOf(this.whole) : this.arriving.openStream();
    return this.stream;
  }

  readBody(limitBytes: number | null): Buffer | Promise<Buffer> {
    const knownBytes = this.bodySizeBytes ?? this.whole.length;
    if (limitBytes !== null && knownBytes > limitBytes) throw new RequestError("body_too_large", { limitBytes });
    this.letBodyCome();
    if (this.arriving === null) return this.whole;
    return this.arriving.readAll(limitBytes);
  }

  trailers(): Readonly<Record<string, string>> {
    return this.arriving === null ? NO_TRAILERS : this.arriving.trailers;
  }

  onClientGone(callback: () => void): void {
    if (this.isGone) callback();
    else if (this.whenGone === null) this.whenGone = callback;
    else if (this.alsoWhenGone === null) this.alsoWhenGone = [callback];
    else this.alsoWhenGone.push(callback);
  }

  /** The connection has ended before the answer was out. */
  clientGone(): void {
    const { whenGone, alsoWhenGone } = this;
    this.isGone = true;
    this.whenGone = null;
    this.alsoWhenGone = null;
    whenGone?.();
    if (alsoWhenGone !== null) for (const callback of alsoWhenGone) callback();
  }

  takeOver(): NodeExchange {
    throw new Error("a request of the fast lane has no objects of node:http; `laneOf` must send it to the compat lane");
  }

  private letBodyCome(): void {
    if (!this.awaitsContinue) return;
    this.awaitsContinue = false;
    this.connection!.sendContinue();
  }
}

function streamOf(bytes: Buffer): Readable {
  const stream = new Readable({ read() {} });
  if (bytes.length > 0) stream.push(bytes);
  stream.push(null);
  return stream;
}
