// The door: an HTTP server at a TCP address or a unix socket that turns each request into an `IncomingRequest`, sends what `answer`
// returns, and closes without cutting anybody off. The only file of the journey that knows node:http's server.
import { chmodSync, existsSync, rmSync } from "node:fs";
import { createServer, type IncomingMessage, maxHeaderSize, type Server, type ServerResponse } from "node:http";
import { connect } from "node:net";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import type { ListenAddress } from "../lifecycle/host-config.ts";
import { HostError } from "../lifecycle/host-error.ts";
import { log } from "../log/log.ts";
import { ANSWERED, type OutgoingResponse } from "./exchange.ts";
import { NodeRequest } from "./node-request.ts";
import { refuseBrokenRequests } from "./refuse-broken-request.ts";
import { RequestError } from "./request-error.ts";
import { respondError } from "./respond.ts";

export type Answer = (request: NodeRequest) => Promise<OutgoingResponse>;

export interface Listener {
  /** "http://127.0.0.1:4000" or "unix:/path.sock". */
  readonly address: string;
  /**
   * Takes no new connections, lets requests under way finish, then closes. After `timeoutMs` what is left is cut off.
   */
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
  headerLimitBytes: number = maxHeaderSize,
): Promise<Listener> {
  const { server, door } = createDoor(answer, headerLimitBytes);
  await open(server, address);
  return { address: addressOf(server, address), close: ({ timeoutMs }) => door.close(timeoutMs) };
}

/** Listens nowhere: connections come as its "connection" events. */
export function createServerFor(answer: Answer): Server {
  return createDoor(answer, maxHeaderSize).server;
}

function createDoor(answer: Answer, headerLimitBytes: number): { readonly server: Server; readonly door: Door } {
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
  refuseBrokenRequests(server);
  return { server, door };
}

class Door {
  private readonly server: Server;
  private readonly answer: Answer;
  private active = 0;
  private isClosing = false;
  private onIdle: (() => void) | undefined;

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
    if (this.isClosing) response.shouldKeepAlive = false;
    try {
      const outgoing = await this.answerOf(incoming);
      // A client that was never told to go on with its body must not use the connection again.
      const mustClose = this.isClosing || incoming.awaitsContinue;
      if (mustClose && !response.headersSent) response.setHeader("connection", "close");
      await send(request, response, outgoing, incoming.awaitsContinue);
    } catch (error) {
      // The client went away, or the answer broke off half way: there is nobody left to tell.
      if (!response.destroyed) response.destroy(error as Error);
    }
  }

  private async answerOf(request: NodeRequest): Promise<OutgoingResponse> {
    try {
      if (request.problem !== undefined) return respondError(request.problem);
      return await this.answer(request);
    } catch (error) {
      log.error(error, "a request could not be answered");
      return respondError(new RequestError("internal_error", {}));
    }
  }

  async close(timeoutMs: number): Promise<void> {
    this.isClosing = true;
    const closed = new Promise<void>((resolve) => closeListener(this.server, resolve));
    const timer = setTimeout(() => this.server.closeAllConnections(), timeoutMs);
    await new Promise((resolve) => setTimeout(resolve, Math.min(CLOSE_GRACE_MS, timeoutMs)));
    if (this.active > 0) {
      await new Promise<void>((resolve) => {
        this.onIdle = resolve;
      });
    }
    // Not only the idle ones: a connection on which no request ever came does not count as idle.
    this.server.closeAllConnections();
    await closed;
    clearTimeout(timer);
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
