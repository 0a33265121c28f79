// The door: an HTTP server at a TCP address or a unix socket that turns each request into an `IncomingRequest`, sends what `answer`
// returns, and closes without cutting anybody off. The only file of the journey that knows node:http's server.
import { chmodSync, existsSync, rmSync } from "node:fs";
import { createServer, type IncomingMessage, maxHeaderSize, type Server, ServerResponse } from "node:http";
import { connect, type Socket } from "node:net";
import { type Duplex, Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import type { ListenAddress } from "../lifecycle/host-config.ts";
import { HostError } from "../lifecycle/host-error.ts";
import { log } from "../log/log.ts";
import { ANSWERED, type OutgoingResponse } from "./exchange.ts";
import { NodeRequest } from "./node-request.ts";
import { refuseBrokenRequests } from "./refuse-broken-request.ts";
import { RequestError } from "./request-error.ts";
import { respondError } from "./respond.ts";
import { type AnswerUpgrade, UpgradeRequest } from "./upgrade-request.ts";

export type Answer = (request: NodeRequest) => OutgoingResponse | Promise<OutgoingResponse>;

export interface Listener {
  /** "http://127.0.0.1:4000" or "unix:/path.sock". */
  readonly address: string;
  /** Takes no new connections and lets requests under way finish; after `timeoutMs` they are cut off. Upgraded connections stay. */
  drain(options: { readonly timeoutMs: number }): Promise<void>;
  /** Drains, waits for upgraded connections to end, then closes. After `timeoutMs` what is left is cut off. */
  close(options: { readonly timeoutMs: number }): Promise<void>;
}

/** Load balancers in front commonly keep connections for 60 s; the side that receives requests must be the more patient one. */
const KEEP_ALIVE_MS = 65_000;
/** How long a client may go on sending a body that nobody wants before its connection is cut; its answer gets lost otherwise. */
const LINGER_MS = 2_000;
/** Requests that were on their way when closing began still arrive within this time. */
const CLOSE_GRACE_MS = 50;

/** What fits into `sockaddr_un` on every system. */
const MAX_SOCKET_PATH_BYTES = 103;

export async function listen(
  address: ListenAddress,
  answer: Answer,
  answerUpgrade: AnswerUpgrade,
  headerLimitBytes: number = maxHeaderSize,
): Promise<Listener> {
  const { server, door } = createDoor(answer, answerUpgrade, headerLimitBytes);
  await open(server, address);
  return {
    address: addressOf(server, address),
    drain: ({ timeoutMs }) => door.drain(timeoutMs),
    close: ({ timeoutMs }) => door.close(timeoutMs),
  };
}

/** Listens nowhere: connections come as its "connection" events. */
export function createServerFor(answer: Answer, headerLimitBytes: number): Server {
  return createDoor(answer, answer, headerLimitBytes).server;
}

interface OwnDoor {
  readonly server: Server;
  readonly door: Door;
}

function createDoor(answer: Answer, answerUpgrade: AnswerUpgrade, headerLimitBytes: number): OwnDoor {
  const server = createServer({
    keepAliveTimeout: KEEP_ALIVE_MS,
    maxHeaderSize: headerLimitBytes,
    requireHostHeader: false,
    noDelay: true,
  });
  // The limit by size is the one; behind this one Node would drop headers without a word.
  server.maxHeadersCount = 0;
  const door = new Door(server, answer);
  server.on("request", (request, response) => void door.serve(request, response, false));
  server.on("checkContinue", (request, response) => void door.serve(request, response, true));
  server.on("upgrade", (request, socket, head) => void door.upgrade(request, socket, head, answerUpgrade));
  refuseBrokenRequests(server);
  return { server, door };
}

class Door {
  private readonly server: Server;
  private readonly answer: Answer;
  private active = 0;
  /** Connections that have asked to leave HTTP, or have left it: the server itself does not know them any more. */
  private readonly upgraded = new Set<Duplex>();
  private closed: Promise<void> | undefined;
  private onIdle: (() => void) | undefined;
  private onLastUpgraded: (() => void) | undefined;

  constructor(server: Server, answer: Answer) {
    this.server = server;
    this.answer = answer;
  }

  async serve(request: IncomingMessage, response: ServerResponse, awaitsContinue: boolean): Promise<void> {
    this.active++;
    response.once("close", () => {
      this.active--;
      if (this.active === 0) this.onIdle?.();
    });
    const incoming = new NodeRequest(request, response, awaitsContinue);
    if (this.closed !== undefined) response.shouldKeepAlive = false;
    try {
      const outgoing = await this.answerOf(incoming, this.answer);
      // A client that was never told to go on with its body must not use the connection again.
      const mustClose = this.closed !== undefined || incoming.awaitsContinue;
      if (mustClose && !response.headersSent) response.setHeader("connection", "close");
      await send(request, response, outgoing, incoming.awaitsContinue);
    } catch (error) {
      // The client went away, or the answer broke off half way: there is nobody left to tell.
      if (!response.destroyed) response.destroy(error as Error);
    }
  }

  async upgrade(request: IncomingMessage, socket: Duplex, head: Buffer, answerUpgrade: AnswerUpgrade): Promise<void> {
    this.upgraded.add(socket);
    socket.once("close", () => {
      this.upgraded.delete(socket);
      if (this.upgraded.size === 0) this.onLastUpgraded?.();
    });
    // A client that goes away is no reason for the process to end; "close" follows and tells whoever is concerned.
    socket.on("error", () => {});
    const response = new ServerResponse(request);
    const incoming = new UpgradeRequest(request, response, socket, head);
    const outcome = await this.answerOf(incoming, answerUpgrade);
    if (outcome === "taken" || socket.destroyed) return;
    response.assignSocket(socket as Socket);
    response.setHeader("connection", "close");
    response.once("finish", () => socket.end());
    await send(request, response, outcome, false).catch(() => socket.destroy());
  }

  private async answerOf<Request extends NodeRequest, Outcome>(
    request: Request,
    answer: (request: Request) => Outcome | Promise<Outcome>,
  ): Promise<Outcome | OutgoingResponse> {
    try {
      if (request.problem !== undefined) return respondError(request.problem);
      return await answer(request);
    } catch (error) {
      log.error(error, "a request could not be answered");
      return respondError(new RequestError("internal_error", {}));
    }
  }

  async drain(timeoutMs: number): Promise<void> {
    this.closed ??= new Promise<void>((resolve) => closeListener(this.server, resolve));
    const timer = setTimeout(() => this.server.closeAllConnections(), timeoutMs);
    await new Promise((resolve) => setTimeout(resolve, Math.min(CLOSE_GRACE_MS, timeoutMs)));
    if (this.active > 0) {
      await new Promise<void>((resolve) => {
        this.onIdle = resolve;
      });
    }
    clearTimeout(timer);
    // Not only the idle ones: a connection on which no request ever came does not count as idle.
    this.server.closeAllConnections();
  }

  async close(timeoutMs: number): Promise<void> {
    const endsAt = Date.now() + timeoutMs;
    await this.drain(timeoutMs);
    if (this.upgraded.size > 0) {
      const cutOff = () => {
        for (const socket of this.upgraded) socket.destroy();
      };
      const timer = setTimeout(cutOff, Math.max(0, endsAt - Date.now()));
      await new Promise<void>((resolve) => {
        this.onLastUpgraded = resolve;
      });
      clearTimeout(timer);
    }
    await this.closed;
  }
}

/** `http.Server.close` would cut idle connections at once, also those on which a request is just arriving. */
function closeListener(server: Server, done: () => void): void {
  const netServer = Object.getPrototypeOf(Object.getPrototypeOf(server)) as { close(callback: () => void): void };
  netServer.close.call(server, done);
}

async function send(
  request: IncomingMessage,
  response: ServerResponse,
  outgoing: OutgoingResponse,
  awaitsContinue: boolean,
): Promise<void> {
  const { status, statusText, headers, body } = outgoing;
  if (body === ANSWERED) return;
  for (const name of Object.keys(headers)) response.setHeader(name, headers[name]!);
  if (outgoing.headerLines !== undefined) setLines(response, outgoing.headerLines);
  response.statusCode = status;
  if (statusText !== undefined) response.statusMessage = statusText;
  // Ending may close the connection, and closing while the client still sends would take the answer away from it.
  const isStillSending = () => !request.complete && !awaitsContinue && !request.destroyed;
  if (body instanceof Readable) {
    await stream(body, response);
    if (outgoing.trailers !== undefined) response.addTrailers(outgoing.trailers());
  } else {
    if (body !== null) response.setHeader("content-length", Buffer.byteLength(body));
    if (!isStillSending()) {
      response.end(body ?? undefined);
      return;
    }
    response.flushHeaders();
    if (body !== null && body.length > 0) response.write(body);
  }
  if (isStillSending()) await discardRest(request);
  response.end();
}

function setLines(response: ServerResponse, lines: string): void {
  for (const line of lines.split("\r\n")) {
    const colon = line.indexOf(":");
    if (colon !== -1) response.appendHeader(line.slice(0, colon), line.slice(colon + 1).trim());
  }
}

/** A body that takes its time must not hold back the head; one that is there goes out in the same packet. */
async function stream(body: Readable, response: ServerResponse): Promise<void> {
  const flush = setImmediate(() => {
    if (!response.headersSent && !response.destroyed) response.flushHeaders();
  });
  try {
    await pipeline(body, response, { end: false });
  } finally {
    clearImmediate(flush);
  }
}

/** Reads on until the body's end; cuts the connection of a client that does not come to one. */
async function discardRest(request: IncomingMessage): Promise<void> {
  await new Promise<void>((resolve) => {
    const timer = setTimeout(() => {
      request.socket.destroy();
      resolve();
    }, LINGER_MS);
    request.once("close", () => {
      clearTimeout(timer);
      resolve();
    });
    request.once("end", () => {
      clearTimeout(timer);
      resolve();
    });
    request.unpipe();
    request.resume();
  });
}

async function open(server: Server, address: ListenAddress): Promise<void> {
  if ("socketPath" in address) {
    // Longer ones are silently cut short by libuv on Node 20.
    if (Buffer.byteLength(address.socketPath) > MAX_SOCKET_PATH_BYTES) {
      const reason = `a socket path must be at most ${MAX_SOCKET_PATH_BYTES} bytes long`;
      throw new HostError("address_unusable", { address: address.socketPath, reason });
    }
    await removeStaleSocket(address.socketPath);
  }
  await new Promise<void>((resolve, reject) => {
    server.once("error", (error) => reject(openError(address, error)));
    if ("socketPath" in address) server.listen(address.socketPath, resolve);
    else server.listen(address.port, address.host, resolve);
  });
  server.removeAllListeners("error");
  server.on("error", (error) => log.error(error, "the HTTP server failed"));
  if ("socketPath" in address) chmodSync(address.socketPath, 0o600);
}

/** A socket file outlives a killed process; one that still answers belongs to somebody. */
async function removeStaleSocket(socketPath: string): Promise<void> {
  if (!existsSync(socketPath)) return;
  const isStale = await new Promise<boolean>((resolve) => {
    const socket = connect(socketPath);
    socket.once("connect", () => {
      socket.destroy();
      resolve(false);
    });
    socket.once("error", (error: NodeJS.ErrnoException) => resolve(error.code === "ECONNREFUSED"));
  });
  if (isStale) rmSync(socketPath, { force: true });
}

function openError(address: ListenAddress, error: NodeJS.ErrnoException): HostError {
  const text = "socketPath" in address ? address.socketPath : `${address.host}:${address.port}`;
  if (error.code === "EADDRINUSE") return new HostError("address_in_use", { address: text }, error);
  return new HostError("address_unusable", { address: text, reason: error.message }, error);
}

function addressOf(server: Server, address: ListenAddress): string {
  if ("socketPath" in address) return `unix:${address.socketPath}`;
  const bound = server.address();
  const port = typeof bound === "object" && bound !== null ? bound.port : address.port;
  const host = address.host === "0.0.0.0" || address.host === "::" ? "127.0.0.1" : address.host;
  return `http://${host.includes(":") ? `[${host}]` : host}:${port}`;
}
