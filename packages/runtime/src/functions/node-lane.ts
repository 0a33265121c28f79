// The lane of node:http for a function: raw endpoints are promised Node's objects, so their requests go through a connection in memory to
// a server that listens nowhere. Nothing leaves the process, and what the endpoint writes can be read as it writes it.
import { type IncomingMessage, request as sendRequest, type Server } from "node:http";
import { type Duplex, duplexPair } from "node:stream";
import { type Answer, createServerFor } from "../call/listen.ts";
import type { RequestHeaders } from "../call/exchange.ts";
import type { FunctionAnswer, FunctionCall } from "./function-call.ts";

/** Of one connection, and so of no meaning to the platform. */
const HOP_BY_HOP: ReadonlySet<string> = new Set(["connection", "keep-alive", "transfer-encoding", "content-length"]);
/** What is said of the body and the connection here is for this connection. */
const OWN_FRAMING: ReadonlySet<string> = new Set([...HOP_BY_HOP, "expect", "upgrade", "te", "trailer"]);

export class NodeLane {
  private readonly server: Server;

  constructor(answer: Answer, headerLimitBytes: number) {
    this.server = createServerFor(answer, headerLimitBytes);
  }

  /** `gone`: aborts when nobody waits for the answer any more, which closes the connection. Rejects when the endpoint breaks it off. */
  exchange(call: FunctionCall, gone: AbortSignal): Promise<FunctionAnswer> {
    return new Promise((resolve, reject) => {
      const { method, path, query, body } = call;
      const sent = sendRequest({
        createConnection: () => this.connect(call.remoteAddress) as never,
        method,
        path: query === "" ? path : `${path}?${query}`,
        headers: framedHeaders(call.headers, body),
        signal: gone,
      });
      sent.once("response", (answer) => resolve(answerOf(answer)));
      sent.once("error", reject);
      sent.end(body ?? undefined);
    });
  }

  private connect(remoteAddress: string): Duplex {
    const [near, far] = duplexPair();
    // Neither end of the pair learns by itself that the other was destroyed.
    near.once("close", () => far.destroy());
    far.once("close", () => near.destroy());
    Object.defineProperty(far, "remoteAddress", { value: remoteAddress, configurable: true });
    this.server.emit("connection", far);
    return near;
  }
}

function framedHeaders(headers: RequestHeaders, body: Buffer | null): Record<string, string | string[]> {
  const framed: Record<string, string | string[]> = {};
  for (const [name, value] of Object.entries(headers)) {
    if (value !== undefined && !OWN_FRAMING.has(name)) framed[name] = value;
  }
  framed["host"] ??= "localhost";
  if (body !== null) framed["content-length"] = String(body.length);
  return framed;
}

function answerOf(answer: IncomingMessage): FunctionAnswer {
  const headers: Record<string, string | string[]> = {};
  for (const [name, values] of Object.entries(answer.headersDistinct)) {
    if (values === undefined || HOP_BY_HOP.has(name)) continue;
    headers[name] = values.length === 1 ? values[0]! : values;
  }
  return { status: answer.statusCode ?? 502, headers, body: answer };
}
