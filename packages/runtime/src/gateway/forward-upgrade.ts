// Passes a request for an upgrade on to the process that hosts its endpoint. Once that process has agreed, bytes go through both ways
// as they are, each side only as fast as the other one reads; when one side ends, so does the other.
import { type ClientRequest, type IncomingMessage, request as sendRequest, STATUS_CODES } from "node:http";
import { type Duplex, finished } from "node:stream";
import { headerOf, type OutgoingResponse } from "../call/exchange.ts";
import { freshAgent } from "../call/remote.ts";
import { RequestError } from "../call/request-error.ts";
import type { UpgradeOutcome, UpgradeRequest } from "../call/upgrade-request.ts";
import { forwardedHeaders, type Forwarding, passAnswer } from "./forward.ts";
import { passAnswerHeaders } from "./pass-headers.ts";

/** `ownHeaders` join those of the answer. Throws RequestError `service_unreachable`. */
export async function forwardUpgrade(
  forwarding: Forwarding,
  request: UpgradeRequest,
  ownHeaders: Readonly<Record<string, string>>,
): Promise<UpgradeOutcome> {
  const upstream = open(forwarding, request);
  request.onClientGone(() => upstream.destroy());
  const answer = await answerOf(upstream).catch((error: unknown) => {
    throw new RequestError("service_unreachable", { service: forwarding.service }, error);
  });
  if (answer.socket === undefined) return passAnswer(forwarding, answer.message);
  if (request.socket.destroyed) {
    answer.socket.destroy();
    return "taken";
  }
  request.socket.write(headOf(answer.message, ownHeaders));
  answer.socket.unshift(answer.head);
  request.socket.unshift(request.head);
  join(request.socket, answer.socket);
  return "taken";
}

function open(forwarding: Forwarding, request: UpgradeRequest): ClientRequest {
  const { remote } = forwarding;
  const upstream = sendRequest({
    ...remote.location,
    // The connection will never be anybody else's.
    agent: freshAgent(remote),
    method: request.method,
    path: request.query === "" ? request.path : `${request.path}?${request.query}`,
    headers: {
      ...forwardedHeaders(forwarding, request),
      connection: "upgrade",
      upgrade: headerOf(request.headers, "upgrade") ?? "",
    },
  });
  upstream.end();
  return upstream;
}

interface UpgradeAnswer {
  readonly message: IncomingMessage;
  /** undefined: refused. */
  readonly socket: Duplex | undefined;
  readonly head: Buffer;
}

function answerOf(upstream: ClientRequest): Promise<UpgradeAnswer> {
  return new Promise((resolve, reject) => {
    upstream.once("upgrade", (message, socket, head) => resolve({ message, socket, head }));
    upstream.once("response", (message) => resolve({ message, socket: undefined, head: Buffer.alloc(0) }));
    upstream.on("error", reject);
  });
}

function headOf(answer: IncomingMessage, ownHeaders: Readonly<Record<string, string>>): string {
  const headers: OutgoingResponse["headers"] = { ...passAnswerHeaders(answer.headers), ...ownHeaders };
  const lines = Object.entries(headers).flatMap(([name, value]) =>
    Array.isArray(value) ? value.map((one) => `${name}: ${one}`) : [`${name}: ${value}`],
  );
  const upgrade = headerOf(answer.headers, "upgrade") ?? "";
  return [`HTTP/1.1 101 ${STATUS_CODES[101]}`, "connection: Upgrade", `upgrade: ${upgrade}`, ...lines, "", ""].join(
    "\r\n",
  );
}

/** Ends and broken connections reach the other side, an orderly end only behind all that was sent before it. */
function join(client: Duplex, upstream: Duplex): void {
  for (const [one, other] of [
    [client, upstream],
    [upstream, client],
  ] as const) {
    one.once("close", () => {
      if (one.readableEnded) finished(other, { readable: false }, () => other.destroy());
      else other.destroy();
    });
  }
  upstream.on("error", () => client.destroy());
  client.pipe(upstream).pipe(client);
}
