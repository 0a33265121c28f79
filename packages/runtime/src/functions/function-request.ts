// An `IncomingRequest` over the plain values that a platform gives a function. All of its body is there from the beginning.
import { Readable } from "node:stream";
import { CALL_HEADERS } from "../call/call-headers.ts";
import type { IncomingRequest, NodeExchange, RequestHeaders } from "../call/exchange.ts";
import { RequestError } from "../call/request-error.ts";
import type { FunctionAddress } from "../lifecycle/host-config.ts";
import type { FunctionCall } from "./function-call.ts";

/** What is kept of the time for telling that there was not enough of it. */
const TELLING_MS = 250;
const NOTHING = Buffer.alloc(0);
const NO_TRAILERS: Readonly<Record<string, string>> = Object.freeze({});

export class FunctionRequest implements IncomingRequest {
  readonly method: string;
  readonly path: string;
  readonly query: string;
  readonly headers: RequestHeaders;
  readonly bodySizeBytes: number | null;
  readonly hasBody: boolean;
  readonly remoteAddress: string;
  readonly awaitsContinue = false;
  readonly deadlineAt: number | undefined;
  matched: unknown = undefined;
  private readonly body: Buffer;
  private isGone = false;
  private readonly whenGone: (() => void)[] = [];

  constructor(call: FunctionCall, from: FunctionAddress["handedOver"]) {
    this.method = call.method;
    this.path = call.path;
    this.query = call.query;
    this.headers = from === "internal" ? withOwnHost(call.headers) : call.headers;
    this.body = call.body ?? NOTHING;
    this.bodySizeBytes = call.body === null ? null : call.body.length;
    this.hasBody = this.body.length > 0;
    this.remoteAddress = call.remoteAddress;
    this.deadlineAt = call.deadlineAt === undefined ? undefined : call.deadlineAt - TELLING_MS;
  }

  header(name: string): string | undefined {
    const value = this.headers[name];
    if (typeof value === "string") return value;
    // What the record inherits under the name is no header.
    return Array.isArray(value) ? value.join(name === "cookie" ? "; " : ", ") : undefined;
  }

  openBody(): Readable {
    return Readable.from(this.hasBody ? [this.body] : [], { objectMode: false });
  }

  readBody(limitBytes: number | null): Buffer {
    if (limitBytes !== null && this.body.length > limitBytes) throw new RequestError("body_too_large", { limitBytes });
    return this.body;
  }

  trailers(): Readonly<Record<string, string>> {
    return NO_TRAILERS;
  }

  onClientGone(callback: () => void): void {
    if (this.isGone) callback();
    else this.whenGone.push(callback);
  }

  /** Nobody waits for the answer any more. */
  clientGone(): void {
    this.isGone = true;
    for (const callback of this.whenGone.splice(0)) callback();
  }

  takeOver(): NodeExchange {
    throw new Error(
      "a request of a function has no objects of node:http; `laneOf` must send it to the lane of node:http",
    );
  }
}

/** A gateway in front addresses functions by their host names, and says in a header which one the client has asked for. */
function withOwnHost(headers: RequestHeaders): RequestHeaders {
  const own = headers[CALL_HEADERS.host];
  return own === undefined ? headers : { ...headers, host: own };
}
