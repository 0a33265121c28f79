// The kept-alive connections to one address. A request takes the connection that was used last, or a new one; nothing waits in line.
import { runOutsideOfCalls } from "../../telemetry/outside-of-calls.ts";
import { ClientConnection, type ConnectionKeeper, type ConnectionTarget } from "./client-connection.ts";
import type { PendingAnswer } from "./pending-answer.ts";
import { type SharedRequest, SharedRequests } from "./shared-requests.ts";

/** Idle connections are closed before the other side, which waits 65 s, would: a request never meets a connection that is closing. */
const IDLE_MS = 30_000;
const SWEEP_MS = 5_000;
const MAX_IDLE_CONNECTIONS = 256;

// hot: guarded by bench/call
export class ConnectionPool implements ConnectionKeeper {
  private readonly target: ConnectionTarget;
  /** The one that was used last is the last. */
  private readonly idle: ClientConnection[] = [];
  private readonly open = new Set<ClientConnection>();
  private readonly shared = new SharedRequests(() => this.take());
  private sweeper: NodeJS.Timeout | undefined = undefined;
  private isRetired = false;
  /** The other side serves requests that share a connection side by side, and answers all of them even when it is closing. */
  allowsSharing = false;

  constructor(target: ConnectionTarget) {
    this.target = target;
  }

  /** `text` and `rest`: as a connection takes them. Gives the connection, on which the request may be given up. */
  send(pending: PendingAnswer, text: string, rest?: string | Uint8Array): ClientConnection {
    const connection = this.take();
    connection.send(pending, text, rest);
    return connection;
  }

  /** For a request that is answered quickly: together with others of the same tick, if the other side can bear it. */
  sendShared(request: SharedRequest): void {
    this.shared.add(request);
  }

  /** Takes a request back that has not gone out yet; gives whether it could. */
  takeBack(request: SharedRequest): boolean {
    return this.shared.remove(request);
  }

  /** On a connection that nobody has used, for what must not meet one that is just closing. */
  sendAnew(pending: PendingAnswer, text: string, rest?: string | Uint8Array): ClientConnection {
    const connection = this.connect();
    connection.send(pending, text, rest);
    return connection;
  }

  /** Closes what is idle; connections with a request on them close behind its answer. */
  retire(): void {
    this.isRetired = true;
    this.stopSweeping();
    for (const connection of this.idle.splice(0)) connection.close(new Error("the service has moved"));
  }

  /** Cuts all connections. */
  destroy(): void {
    this.retire();
    for (const connection of this.open) connection.close(new Error("this process is closing its connections"));
  }

  onIdle(connection: ClientConnection): void {
    if (this.isRetired || this.idle.length >= MAX_IDLE_CONNECTIONS) {
      connection.close(new Error("the connection is not needed any more"));
      return;
    }
    this.idle.push(connection);
    this.sweeper ??= runOutsideOfCalls(() => setInterval(sweep, SWEEP_MS, this).unref());
  }

  onClosed(connection: ClientConnection): void {
    this.open.delete(connection);
    const index = this.idle.lastIndexOf(connection);
    if (index !== -1) this.idle.splice(index, 1);
  }

  /** Closes what has been idle for too long; those stand first. */
  closeStale(): void {
    const limit = Date.now() - IDLE_MS + SWEEP_MS;
    while (this.idle.length > 0 && this.idle[0]!.idleSinceMs < limit) {
      this.idle.shift()!.close(new Error("the connection was idle for too long"));
    }
    if (this.idle.length === 0) this.stopSweeping();
  }

  /** Of a process that was frozen, no connection was closed in time: what is too old is not trusted. */
  private take(): ClientConnection {
    const connection = this.idle.pop();
    if (connection === undefined) return this.connect();
    if (Date.now() - connection.idleSinceMs < IDLE_MS) return connection;
    connection.close(new Error("the connection was idle for too long"));
    return this.connect();
  }

  private stopSweeping(): void {
    clearInterval(this.sweeper);
    this.sweeper = undefined;
  }

  /** What the socket tells later belongs to no call, least of all to the one that happened to need it first. */
  private connect(): ClientConnection {
    const connection = runOutsideOfCalls(() => new ClientConnection(this.target, this));
    this.open.add(connection);
    return connection;
  }
}

function sweep(pool: ConnectionPool): void {
  pool.closeStale();
}
