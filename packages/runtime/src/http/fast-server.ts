// The fast lane: an HTTP/1.1 server for connections that somebody else accepts. What it does not serve itself it hands over, socket and
// bytes, and does not see again.
import type { Socket } from "node:net";
import type { IncomingRequest, OutgoingResponse } from "../call/exchange.ts";
import { clock, type Timer } from "../clock/clock.ts";
import { FastConnection } from "./connection.ts";
import { DEFAULT_LIMITS, limitOf, type PhaseLimits } from "./connection-phase.ts";

/** How often it is looked which connections have been silent for too long. */
const TICK_MS = 1000;

export interface FastServerOptions {
  /** May answer at once; what it throws is logged and answered with 500. */
  readonly answer: (request: IncomingRequest) => OutgoingResponse | Promise<OutgoingResponse>;
  /** Default: all that can be served here is. */
  readonly laneOf?: ((request: IncomingRequest) => "fast" | "compat") | undefined;
  /** Takes a connection from the next request on; what has been read of that is back in the socket. */
  readonly handOver: (socket: Socket) => void;
  readonly headerLimitBytes: number;
  readonly limits?: PhaseLimits;
}

export class FastServer {
  readonly answer: FastServerOptions["answer"];
  readonly laneOf: FastServerOptions["laneOf"];
  readonly headerLimitBytes: number;
  /** Counts up while there are connections, once per TICK_MS. */
  tick = 0;
  /** Every answer with nothing behind it is the last one on its connection. */
  isClosing = false;
  onIdle: (() => void) | undefined;
  onEmpty: (() => void) | undefined;
  private readonly options: FastServerOptions;
  private readonly limits: PhaseLimits;
  private readonly connections = new Set<FastConnection>();
  private active = 0;
  private timer: Timer | undefined;

  constructor(options: FastServerOptions) {
    this.options = options;
    this.answer = options.answer;
    this.laneOf = options.laneOf;
    this.headerLimitBytes = options.headerLimitBytes;
    this.limits = options.limits ?? DEFAULT_LIMITS;
  }

  /** Requests that have not been answered, or whose body is still arriving. */
  get requestsUnderWay(): number {
    return this.active;
  }

  /** Connections that are here. */
  get size(): number {
    return this.connections.size;
  }

  accept(socket: Socket): FastConnection {
    const connection = new FastConnection(socket, this);
    this.connections.add(connection);
    this.timer ??= clock().after(TICK_MS, () => this.onTick());
    return connection;
  }

  requestBegun(): void {
    this.active++;
  }

  requestDone(): void {
    this.active--;
    if (this.active === 0) this.onIdle?.();
  }

  forget(connection: FastConnection): void {
    this.connections.delete(connection);
    if (this.connections.size === 0) this.onEmpty?.();
  }

  handOver(socket: Socket): void {
    this.options.handOver(socket);
  }

  /** Ends all connections; what has been written still goes out, as long as clients take it within `timeoutMs`. */
  async shutDown(timeoutMs: number): Promise<void> {
    for (const connection of this.connections) connection.shutDown();
    if (this.connections.size === 0) return;
    const timer = setTimeout(() => this.cutOff(), timeoutMs);
    await new Promise<void>((resolve) => {
      this.onEmpty = resolve;
    });
    clearTimeout(timer);
  }

  cutOff(): void {
    for (const connection of this.connections) connection.cutOff();
  }

  private onTick(): void {
    this.timer = undefined;
    if (this.connections.size === 0) return;
    this.tick++;
    for (const connection of this.connections) {
      const patienceMs = limitOf(connection.phase, this.limits);
      if ((this.tick - connection.since) * TICK_MS > patienceMs) connection.onTooLong();
    }
    this.timer = clock().after(TICK_MS, () => this.onTick());
  }
}
