// HTTP to a store of objects, over connections that are kept. Not by fetch: it resolves ".." in paths, so that the name of one object could
// reach another.
import {
  Agent,
  type ClientRequest,
  type IncomingHttpHeaders,
  type IncomingMessage,
  request as requestHttp,
} from "node:http";
import { Agent as TlsAgent, request as requestHttps } from "node:https";

export interface StoreRequest {
  readonly method: string;
  /** Path and query as they are sent. */
  readonly target: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: Buffer | undefined;
  /** How long the store may take without a byte in either direction. Default: 30 s. */
  readonly silenceMs?: number | undefined;
  /** Over a connection of its own: a kept one may have been closed by the store a moment ago, which matters to who cannot try again. */
  readonly isOnItsOwn?: boolean | undefined;
  readonly signal?: AbortSignal | undefined;
}

export interface StoreAnswer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  /** Has to be read or destroyed. */
  readonly body: IncomingMessage;
}

const usualSilenceMs = 30_000;
const nothing = Buffer.alloc(0);

export class StoreConnection {
  readonly #endpoint: URL;
  readonly #agent: Agent;

  constructor(endpoint: URL) {
    this.#endpoint = endpoint;
    const options = { keepAlive: true, noDelay: true };
    this.#agent = this.#isTls ? new TlsAgent(options) : new Agent(options);
  }

  /** Any answer the store gives. Throws what the way to it fails with, and what `signal` aborts with. */
  send({ method, target, headers, body = nothing, ...more }: StoreRequest): Promise<StoreAnswer> {
    const { silenceMs = usualSilenceMs, isOnItsOwn = false, signal } = more;
    const hasBody = body.length > 0 || method === "PUT" || method === "POST";
    const { hostname, port } = this.#endpoint;
    const sent = (this.#isTls ? requestHttps : requestHttp)({
      method,
      // Brackets around an IPv6 address belong to the URL alone.
      host: hostname.replace(/^\[|\]$/g, ""),
      port: port === "" ? undefined : Number(port),
      path: target,
      headers: hasBody ? { ...headers, "content-length": String(body.length) } : headers,
      agent: isOnItsOwn ? false : this.#agent,
      timeout: silenceMs,
      ...(signal === undefined ? {} : { signal }),
    });
    return answerOf(sent, body, silenceMs);
  }

  get #isTls(): boolean {
    return this.#endpoint.protocol === "https:";
  }
}

function answerOf(request: ClientRequest, body: Buffer, silenceMs: number): Promise<StoreAnswer> {
  return new Promise((resolve, reject) => {
    let answer: IncomingMessage | undefined;
    request.on("error", reject);
    request.on("timeout", () => {
      // With bytes that nobody has taken yet it is the reader who takes his time.
      if (answer !== undefined && answer.readableLength > 0) request.setTimeout(silenceMs);
      else request.destroy(new Error("the store fell silent"));
    });
    request.on("response", (response) => {
      answer = response;
      const { statusCode = 0, headers } = response;
      resolve({ status: statusCode, headers, body: response });
    });
    request.end(body);
  });
}

/** All of an answer that is not large. */
export async function readText({ body }: StoreAnswer): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of body as AsyncIterable<Buffer>) chunks.push(chunk);
  return Buffer.concat(chunks).toString("utf8");
}
