// A door of the app: takes connections at a TCP address or a unix socket, with TLS or without, turns each request into an `IncomingRequest`
// and sends what `answer` returns. Two lanes over one address: the fast lane (../http) serves what it can, the compat lane (node:http) the
// rest; docs/reference/http.md says what goes where. Closes without cutting anybody off.
import { maxHeaderSize, type Server as HttpServer } from "node:http";
import { createRequire } from "node:module";
import { createServer, type Server, type Socket } from "node:net";
import type { Server as TlsServer } from "node:tls";
import type { FunctionAnswer, FunctionCall } from "../functions/function-call.ts";
import { FastServer } from "../http/fast-server.ts";
import type { ListenAddress, SocketAddress, TlsConfig } from "../lifecycle/host-config.ts";
import { type Answer, CompatLane } from "./compat-lane.ts";
import type { IncomingRequest } from "./exchange.ts";
import { addressOf, openAddress } from "./open-address.ts";
import type { AnswerUpgrade } from "./upgrade-request.ts";

export type { Answer };

export interface Listener {
  /** Of a door without an address. Never rejects. */
  serve?(call: FunctionCall): Promise<FunctionAnswer>;
  /** "http://127.0.0.1:4000", "https://127.0.0.1:4000" or "unix:/path.sock". */
  readonly address: string;
  /** For connections from now on, of a door that has TLS already. Throws what node:tls says of unusable texts, and then changes nothing. */
  renewTls?(tls: TlsConfig): void;
  /** Takes no new connections and lets requests under way finish; after `timeoutMs` they are cut off. Upgraded connections stay. */
  drain(options: { readonly timeoutMs: number }): Promise<void>;
  /** Drains, waits for upgraded connections to end, then closes. After `timeoutMs` what is left is cut off. */
  close(options: { readonly timeoutMs: number }): Promise<void>;
}

export interface ListenOptions {
  readonly address: ListenAddress;
  readonly answer: Answer;
  readonly answerUpgrade: AnswerUpgrade;
  /** Of request line and headers together. Default: that of node:http, 16 KiB. */
  readonly headerLimitBytes?: number;
  /** Which lane a request needs; asked once for each. Default: the fast one for all that it can serve. */
  readonly laneOf?: (request: IncomingRequest) => "fast" | "compat";
  /** Whether a new connection begins in the fast lane. Default: yes. With TENON_FAST_LANE=off in the environment none does. */
  readonly fastLane?: () => boolean;
  /** Further ones are closed as they come. Default: no limit but the system's. */
  readonly maxConnections?: number | undefined;
  /**
   * While the door closes, connections without a request stay for so long: a request that comes on one is answered, as its last. For a door
   * beside which another one takes new connections already. Default: 0.
   */
  readonly lingerMs?: number | undefined;
}

const tlsOptions = { ALPNProtocols: ["http/1.1"] };

/** Requests that were on their way when closing began still arrive within this time. */
const CLOSE_GRACE_MS = 50;

export async function listen(options: ListenOptions): Promise<Listener> {
  const { address } = options;
  if ("handedOver" in address) {
    const { FunctionDoor } = await import("../functions/function-door.ts");
    return new FunctionDoor({ ...options, address });
  }
  const door = new Door(options, address);
  await openAddress(door.server, address);
  return {
    address: addressOf(door.server, address),
    renewTls: ({ cert, key }) => (door.server as TlsServer).setSecureContext({ ...tlsOptions, cert, key }),
    drain: ({ timeoutMs }) => door.drain(timeoutMs),
    close: ({ timeoutMs }) => door.close(timeoutMs),
  };
}

/** Listens nowhere: connections come as its "connection" events. */
export function createServerFor(answer: Answer, headerLimitBytes: number): HttpServer {
  return new CompatLane(answer, answer, headerLimitBytes).server;
}

class Door {
  readonly server: Server;
  private readonly compat: CompatLane;
  private readonly fast: FastServer;
  /** Below TLS: those that have not agreed on keys yet are in neither lane. */
  private readonly belowTls = new Set<Socket>();
  private readonly lingerMs: number;
  private closed: Promise<void> | undefined;

  constructor(options: ListenOptions, address: SocketAddress) {
    const { answer, headerLimitBytes = maxHeaderSize, laneOf } = options;
    const compat = new CompatLane(answer, options.answerUpgrade, headerLimitBytes);
    const handOver = (socket: Socket) => void compat.server.emit("connection", socket);
    this.compat = compat;
    this.lingerMs = options.lingerMs ?? 0;
    const fast = new FastServer({ answer, laneOf, handOver, headerLimitBytes });
    this.fast = fast;
    const { fastLane = () => true } = options;
    const isOff = process.env["TENON_FAST_LANE"] === "off";
    this.server = createAcceptor(address, (socket) => {
      if (isOff || !fastLane()) handOver(socket);
      else fast.accept(socket);
    });
    if (options.maxConnections !== undefined) this.server.maxConnections = options.maxConnections;
    if ("tls" in address && address.tls !== undefined) this.server.on("connection", (socket) => this.keep(socket));
    // From then on node:http watches over its connections: it knows those that `closeAllConnections` closes, and ends the slow ones.
    compat.server.emit("listening");
  }

  async drain(timeoutMs: number): Promise<void> {
    const { compat, fast, server } = this;
    const endsAt = Date.now() + timeoutMs;
    this.closed ??= new Promise<void>((resolve) => server.close(() => resolve()));
    compat.isClosing = true;
    fast.isClosing = true;
    const timer = setTimeout(() => {
      compat.cutOff();
      fast.cutOff();
    }, timeoutMs);
    await new Promise((resolve) => setTimeout(resolve, Math.min(CLOSE_GRACE_MS, timeoutMs)));
    // Timers come before what has arrived: a process that stood still meanwhile reads it first.
    await new Promise((resolve) => setImmediate(resolve));
    if (this.lingerMs > 0) await this.linger(Math.min(this.lingerMs, Math.max(0, endsAt - Date.now())));
    await this.idle();
    clearTimeout(timer);
    // Not only the idle ones: a connection on which no request ever came does not count as idle.
    compat.cutOff();
    await fast.shutDown(Math.max(0, endsAt - Date.now()));
  }

  async close(timeoutMs: number): Promise<void> {
    const endsAt = Date.now() + timeoutMs;
    await this.drain(timeoutMs);
    await this.compat.upgradedEnd(Math.max(0, endsAt - Date.now()));
    // Nothing listens there; this ends its watch over slow connections.
    this.compat.server.close(() => {});
    for (const socket of this.belowTls) socket.destroy();
    await this.closed;
  }

  private keep(socket: Socket): void {
    this.belowTls.add(socket);
    socket.once("close", () => this.belowTls.delete(socket));
  }

  /** Resolves when no connection is left in either lane, and after `timeoutMs` in any case. */
  private linger(timeoutMs: number): Promise<void> {
    const { compat, fast } = this;
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, timeoutMs);
      const check = () => {
        if (compat.connections > 0 || fast.size > 0) return;
        clearTimeout(timer);
        resolve();
      };
      compat.onEmpty = check;
      fast.onEmpty = check;
      check();
    });
  }

  /** Resolves when no request is under way in either lane. */
  private idle(): Promise<void> {
    const { compat, fast } = this;
    return new Promise((resolve) => {
      const check = () => {
        if (compat.requestsUnderWay === 0 && fast.requestsUnderWay === 0) resolve();
      };
      compat.onIdle = check;
      fast.onIdle = check;
      check();
    });
  }
}

function createAcceptor(address: SocketAddress, accept: (socket: Socket) => void): Server {
  const options = { allowHalfOpen: true, noDelay: true };
  if (!("tls" in address) || address.tls === undefined) return createServer(options, accept);
  const { cert, key } = address.tls;
  // Not imported: most processes have no use for it.
  const { createServer: createTlsServer } = createRequire(import.meta.url)("node:tls") as typeof import("node:tls");
  const server = createTlsServer({ ...options, cert, key, ...tlsOptions }, accept);
  // A client that cannot agree on keys is no concern of anybody else's.
  server.on("tlsClientError", (_error, socket) => socket.destroy());
  return server;
}
