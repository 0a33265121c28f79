// An `IncomingRequest` over one request of node:http.
import type { IncomingMessage, ServerResponse } from "node:http";
import type { Readable } from "node:stream";
import type { IncomingRequest, NodeExchange, RequestHeaders } from "./exchange.ts";
import { RequestError } from "./request-error.ts";

const ABSOLUTE_FORM = /^https?:\/\/[^/?#]*/i;

export class NodeRequest implements IncomingRequest {
  readonly method: string;
  readonly path: string;
  readonly query: string;
  readonly headers: RequestHeaders;
  readonly bodySizeBytes: number | null;
  readonly hasBody: boolean;
  readonly remoteAddress: string;
  /** Why the request makes no sense; nothing else of it may be used then. */
  readonly problem: RequestError | undefined;
  /** The client waits for "100 Continue" before it sends the body. */
  awaitsContinue: boolean;
  matched: unknown = undefined;
  readonly deadlineAt: number | undefined = undefined;
  private readonly request: IncomingMessage;
  private readonly response: ServerResponse;

  constructor(request: IncomingMessage, response: ServerResponse, awaitsContinue: boolean) {
    this.request = request;
    this.response = response;
    this.awaitsContinue = awaitsContinue;
    this.method = request.method ?? "GET";
    this.headers = request.headers;
    this.remoteAddress = request.socket.remoteAddress ?? "";
    const target = originForm(request.url ?? "");
    const queryStart = target.indexOf("?");
    this.path = queryStart === -1 ? target : target.slice(0, queryStart);
    this.query = queryStart === -1 ? "" : target.slice(queryStart + 1);
    const announced = request.headers["content-length"];
    const isChunked = request.headers["transfer-encoding"] !== undefined;
    this.bodySizeBytes = announced === undefined ? null : Number(announced);
    this.hasBody = isChunked || (this.bodySizeBytes !== null && this.bodySizeBytes > 0);
    this.problem = this.findProblem();
  }

  openBody(): Readable {
    if (this.awaitsContinue) {
      this.awaitsContinue = false;
      this.response.writeContinue();
    }
    return this.request;
  }

  header(name: string): string | undefined {
    const value = this.headers[name];
    if (typeof value === "string") return value;
    // What the record inherits under the name is no header.
    return Array.isArray(value) ? value.join(", ") : undefined;
  }

  async readBody(limitBytes: number | null): Promise<Buffer> {
    const chunks: Buffer[] = [];
    let sizeBytes = 0;
    // Leaving a loop over the stream itself would destroy it, and with it the connection that the refusal has to go out on.
    for await (const chunk of this.openBody().iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>) {
      sizeBytes += chunk.length;
      if (limitBytes !== null && sizeBytes > limitBytes) throw new RequestError("body_too_large", { limitBytes });
      chunks.push(chunk);
    }
    return chunks.length === 1 ? chunks[0]! : Buffer.concat(chunks, sizeBytes);
  }

  trailers(): Readonly<Record<string, string>> {
    return this.request.trailers as Record<string, string>;
  }

  onClientGone(callback: () => void): void {
    const { response } = this;
    if (response.closed && !response.writableFinished) callback();
    response.once("close", () => {
      if (!response.writableFinished) callback();
    });
  }

  takeOver(): NodeExchange {
    const { request, response } = this;
    if (this.awaitsContinue) this.continueOnRead();
    return { request, response };
  }

  /** As node:http would, but only once somebody reads: a refusal then comes before the body, and instead of it. */
  private continueOnRead(): void {
    const { request, response } = this;
    const writeContinue = response.writeContinue.bind(response);
    const read = request._read.bind(request);
    // Until then the connection is of no further use: the client may or may not send the body.
    response.shouldKeepAlive = false;
    response.writeContinue = (callback) => {
      if (!this.awaitsContinue) return;
      this.awaitsContinue = false;
      response.shouldKeepAlive = true;
      writeContinue(callback);
    };
    request._read = (size) => {
      if (!response.headersSent) response.writeContinue();
      read(size);
    };
  }

  protected findProblem(): RequestError | undefined {
    if (this.request.httpVersion === "1.1" && this.headers["host"] === undefined) {
      return new RequestError("malformed_request", { reason: "the host header is missing" });
    }
    if (!this.path.startsWith("/") && (this.path !== "*" || this.method !== "OPTIONS")) {
      return new RequestError("malformed_request", { reason: 'the request target must start with "/"' });
    }
    return undefined;
  }
}

/** RFC 9112, 3.2.2: servers must also take the absolute form. */
function originForm(target: string): string {
  if (target.startsWith("/")) return target;
  const match = ABSOLUTE_FORM.exec(target);
  if (match === null) return target;
  const rest = target.slice(match[0].length);
  return rest.startsWith("/") ? rest : `/${rest}`;
}
