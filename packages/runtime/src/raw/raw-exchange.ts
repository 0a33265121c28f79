// One call of a raw endpoint on the wire, or in memory when the endpoint is in this process: HTTP/1.1 either way. Cancelling closes the
// connection, which is how the other side learns of it, and breaks off the body of the answer.
import { type ClientRequest, type IncomingMessage, request as sendRequest } from "node:http";
import { Readable } from "node:stream";
import type { ReadableStream as NodeReadableStream } from "node:stream/web";
import type { HttpMethod } from "@tenon/model";
import { log } from "../log/log.ts";
import type { APIError } from "../call/api-error.ts";
import { CALL_HEADERS, INTERNAL_PREFIX } from "../call/call-headers.ts";
import type { Cancelable, Cancellation } from "../call/cancellation.ts";
import { RequestError } from "../call/request-error.ts";
import type { ResolvedTarget } from "../call/resolve.ts";
import type { Topology } from "../call/topology.ts";
import { connectLocally } from "./local-door.ts";
import type { RawCallInit } from "./raw-call-init.ts";

export interface RawExchange {
  readonly topology: Topology;
  readonly target: ResolvedTarget;
  /** What processes of the app say to each other: who calls, for whom, in which trace. */
  readonly headers: Readonly<Record<string, string | number>>;
  /** Released when the body of the answer is through. */
  readonly cancellation: Cancellation;
  readonly method: HttpMethod;
  /** Path and query. */
  readonly path: string;
  readonly init: RawCallInit;
}

/** Of one connection, and so of no meaning to whoever called. */
const HOP_BY_HOP: ReadonlySet<string> = new Set(["connection", "keep-alive", "transfer-encoding"]);
const WITHOUT_BODY: ReadonlySet<number> = new Set([204, 205, 304]);

/** Throws APIErrors. */
export async function exchangeRaw(exchange: RawExchange): Promise<Response> {
  const { cancellation, method } = exchange;
  if (cancellation.reason !== undefined) throw cancellation.reason;
  const answer = await new Sending(exchange).answer;
  if (answer.headers[CALL_HEADERS.outcome] !== undefined) {
    answer.resume();
    throw unreachable(exchange, new Error(`${exchange.target.name} got status ${answer.statusCode} from no endpoint`));
  }
  const status = answer.statusCode ?? 502;
  const hasBody = method !== "HEAD" && !WITHOUT_BODY.has(status);
  if (!hasBody) answer.resume();
  const body = hasBody ? ReadableStream.from(bodyOf(answer, exchange)) : null;
  return new Response(body, { status, statusText: answer.statusMessage ?? "", headers: headersOf(answer) });
}

/** Broken off, it says why in the way of all calls. Left early, it takes the connection with it. */
async function* bodyOf(answer: IncomingMessage, exchange: RawExchange): AsyncGenerator<Uint8Array> {
  try {
    yield* answer as AsyncIterable<Uint8Array>;
  } catch (error) {
    throw exchange.cancellation.reason ?? unreachable(exchange, error as Error);
  }
}

class Sending implements Cancelable {
  readonly answer: Promise<IncomingMessage>;
  private readonly exchange: RawExchange;
  private readonly upstream: ClientRequest;
  private reject!: (reason: unknown) => void;
  private received: IncomingMessage | undefined;

  constructor(exchange: RawExchange) {
    this.exchange = exchange;
    const { cancellation, method, path, init } = exchange;
    // Gives the body the type and form that `fetch` would.
    const described = new Request("http://endpoint/", { ...init, method, signal: null, duplex: "half" } as RequestInit);
    this.upstream = sendRequest({ ...placeOf(exchange), method, path, headers: requestHeaders(exchange, described) });
    this.answer = new Promise((resolve, reject) => {
      this.reject = reject;
      this.upstream.once("response", (answer) => {
        this.received = answer;
        // Stays: whoever reads the body is told as well, and nobody else has to be.
        answer.on("error", () => {});
        answer.once("close", () => this.release());
        resolve(answer);
      });
      this.upstream.on("error", (error) => {
        this.release();
        reject(cancellation.reason ?? unreachable(exchange, error));
      });
    });
    cancellation.add(this);
    send(this.upstream, described);
  }

  cancel(reason: APIError): void {
    this.reject(reason);
    this.received?.destroy(reason);
    this.upstream.destroy(reason);
  }

  private release(): void {
    this.exchange.cancellation.remove(this);
    this.exchange.cancellation.release();
  }
}

function placeOf({ topology, target }: RawExchange) {
  if (target.hosted !== undefined) return { createConnection: () => connectLocally(topology) as never };
  const remote = topology.remoteBook.at(target.service, topology.remoteAddress(target.service));
  return { ...remote.location, agent: remote.agent };
}

function requestHeaders(exchange: RawExchange, described: Request): Record<string, string | number> {
  const { target, init } = exchange;
  const headers: Record<string, string | number> = {};
  for (const [name, value] of described.headers) if (!name.startsWith(INTERNAL_PREFIX)) headers[name] = value;
  const sizeBytes = sizeOf(init.body);
  if (described.body !== null && sizeBytes !== undefined) headers["content-length"] ??= sizeBytes;
  headers["host"] ??= target.service;
  return { ...headers, ...exchange.headers, [CALL_HEADERS.rawEndpoint]: target.name };
}

/** undefined: not known before it has been sent. */
function sizeOf(body: RawCallInit["body"]): number | undefined {
  if (typeof body === "string") return Buffer.byteLength(body);
  if (body instanceof ArrayBuffer || ArrayBuffer.isView(body)) return body.byteLength;
  if (body instanceof URLSearchParams) return Buffer.byteLength(body.toString());
  return body instanceof Blob ? body.size : undefined;
}

function send(upstream: ClientRequest, { body }: Request): void {
  if (body === null) {
    upstream.end();
    return;
  }
  const source = Readable.fromWeb(body as NodeReadableStream);
  source.once("error", (error) => upstream.destroy(error));
  upstream.once("close", () => source.destroy());
  source.pipe(upstream);
}

function headersOf(answer: IncomingMessage): Headers {
  const headers = new Headers();
  for (let index = 0; index < answer.rawHeaders.length; index += 2) {
    const name = answer.rawHeaders[index]!;
    if (!HOP_BY_HOP.has(name.toLowerCase())) headers.append(name, answer.rawHeaders[index + 1]!);
  }
  return headers;
}

function unreachable({ target }: RawExchange, cause: Error): RequestError {
  log.error(cause, `the raw endpoint ${target.name} could not be called`);
  return new RequestError("service_unreachable", { service: target.service }, cause);
}
