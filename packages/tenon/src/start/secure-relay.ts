// Takes requests on a unix socket and sends them on by https: as they are, but for the host and, where asked for, an identity token. Upgrades go
// through as bytes. What fails on the way cuts the caller's connection, which is how a call learns that its target cannot be reached.
import { chmodSync } from "node:fs";
import { createServer, type IncomingMessage, type OutgoingHttpHeaders, type ServerResponse } from "node:http";
import { Agent, request as requestHttps } from "node:https";
import type { Socket } from "node:net";
import type { Duplex } from "node:stream";
import { log } from "@tenon/runtime";

export interface RelayOptions {
  readonly socketPath: string;
  /** "https://host:port". */
  readonly address: string;
  readonly ca?: string;
  /** For Google's front end, which looks at this header before `authorization` and takes it off. */
  token?(): Promise<string>;
}

/** Idle connections of callers are closed by them, after 30 s. */
const KEPT_MS = 65_000;

/** Resolves when it listens; it does not keep the process alive. */
export async function openRelay(options: RelayOptions): Promise<void> {
  const { socketPath, address, ca } = options;
  const agent = new Agent({ keepAlive: true, ...(ca === undefined ? {} : { ca }) });
  const relay = { ...options, target: new URL(address), agent };
  const server = createServer((request, response) => void forward(relay, request, response));
  server.on("upgrade", (request, socket, head) => void forwardUpgrade(relay, request, socket as Socket, head));
  server.keepAliveTimeout = KEPT_MS;
  // Streams last as long as they like; deadlines are the caller's.
  server.requestTimeout = 0;
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(socketPath, resolve);
  });
  chmodSync(socketPath, 0o600);
  server.unref();
}

type Relay = RelayOptions & { readonly target: URL; readonly agent: Agent };

async function forward(relay: Relay, request: IncomingMessage, response: ServerResponse): Promise<void> {
  try {
    const sent = requestHttps({ ...(await requestOptions(relay, request)), agent: relay.agent });
    sent.on("response", (answer) => {
      response.writeHead(answer.statusCode!, answer.statusMessage, answer.rawHeaders);
      answer.pipe(response);
      answer.on("error", () => response.destroy());
    });
    sent.on("error", (error) => cut(relay, error, response));
    response.on("close", () => {
      if (!response.writableFinished) sent.destroy();
    });
    request.pipe(sent);
  } catch (error) {
    cut(relay, error as Error, response);
  }
}

async function forwardUpgrade(relay: Relay, request: IncomingMessage, socket: Socket, head: Buffer): Promise<void> {
  socket.on("error", () => socket.destroy());
  try {
    const { ca } = relay;
    const sent = requestHttps({ ...(await requestOptions(relay, request)), agent: false, ...(ca && { ca }) });
    sent.on("upgrade", (answer, other, otherHead) => {
      socket.write(headText(answer));
      if (otherHead.length > 0) socket.write(otherHead);
      if (head.length > 0) other.write(head);
      other.on("error", () => socket.destroy());
      other.pipe(socket).pipe(other);
    });
    // Refused: an ordinary answer.
    sent.on("response", (answer) => {
      socket.write(headText(answer));
      answer.pipe(socket);
    });
    sent.on("error", (error) => cut(relay, error, socket));
    socket.on("close", () => sent.destroy());
    sent.end();
  } catch (error) {
    cut(relay, error as Error, socket);
  }
}

async function requestOptions({ target, token }: Relay, request: IncomingMessage) {
  const headers: OutgoingHttpHeaders = { ...request.headers, host: target.host };
  if (token !== undefined) headers["x-serverless-authorization"] = `Bearer ${await token()}`;
  const { hostname, port } = target;
  return { method: request.method, path: request.url, host: hostname, port: port === "" ? 443 : Number(port), headers };
}

function headText({ statusCode, statusMessage, rawHeaders }: IncomingMessage): string {
  const lines = rawHeaders.flatMap((text, index) => (index % 2 === 0 ? [`${text}: ${rawHeaders[index + 1]}`] : []));
  return `HTTP/1.1 ${statusCode} ${statusMessage}\r\n${lines.join("\r\n")}\r\n\r\n`;
}

function cut({ address }: Relay, error: Error, connection: Duplex | ServerResponse): void {
  log.warn("a request could not be sent on", { address, reason: error.message });
  connection.destroy();
}
