// The cache server of development: speaks enough of Redis' protocol for `tenon/storage/cache` and for people with `redis-cli`, keeps
// everything in memory, and forgets it when it ends. Each cache has its own number, memory limit and eviction policy.
import { createServer, type Server, type Socket } from "node:net";
import { clock, type Timer } from "@tenon/runtime";
import { Entries, type EvictionPolicy } from "./entries.ts";
import { CommandReader, encodeReply, ErrorReply, ProtocolError } from "./resp.ts";
import { Session } from "./session.ts";

export interface CacheServerOptions {
  readonly password: string;
  /** Of each cache. Default: 64 MiB. */
  readonly maxBytes?: number;
}

export interface CacheServer {
  readonly host: string;
  readonly port: number;
  /** The number of a cache, which begins empty the first time. */
  cache(name: string, evictionPolicy: EvictionPolicy): number;
  close(): Promise<void>;
}

const defaultMaxBytes = 64 * 1024 * 1024;
/** Entries that nobody asks for go as well. */
const sweepMs = 5_000;

export async function startCacheServer(options: CacheServerOptions): Promise<CacheServer> {
  const server = new RunningServer(options);
  await server.listen();
  return server;
}

class RunningServer implements CacheServer {
  readonly host = "127.0.0.1";
  port = 0;
  readonly #options: CacheServerOptions;
  readonly #now = () => clock().now();
  readonly #caches: { readonly name: string; readonly entries: Entries }[] = [];
  readonly #sockets = new Set<Socket>();
  readonly #server: Server;
  #sweep: Timer | undefined;

  constructor(options: CacheServerOptions) {
    this.#options = options;
    this.#server = createServer({ noDelay: true }, (socket) => this.#serve(socket));
  }

  async listen(): Promise<void> {
    await new Promise<void>((resolve, reject) => {
      this.#server.once("error", reject);
      this.#server.listen({ host: this.host, port: 0 }, resolve);
    });
    const address = this.#server.address();
    if (address !== null && typeof address === "object") this.port = address.port;
    this.#scheduleSweep();
  }

  cache(name: string, evictionPolicy: EvictionPolicy): number {
    const known = this.#caches.findIndex((cache) => cache.name === name);
    if (known >= 0) {
      this.#caches[known]!.entries.evictionPolicy = evictionPolicy;
      return known;
    }
    const { maxBytes = defaultMaxBytes } = this.#options;
    return this.#caches.push({ name, entries: new Entries({ evictionPolicy, maxBytes, now: this.#now }) }) - 1;
  }

  async close(): Promise<void> {
    this.#sweep?.cancel();
    for (const socket of this.#sockets) socket.destroy();
    await new Promise<void>((resolve) => {
      this.#server.close(() => resolve());
    });
  }

  #scheduleSweep(): void {
    this.#sweep = clock().after(sweepMs, () => {
      for (const { entries } of this.#caches) entries.removeExpired();
      this.#scheduleSweep();
    });
  }

  #serve(socket: Socket): void {
    this.#sockets.add(socket);
    socket.on("close", () => this.#sockets.delete(socket));
    // A client that went away is nobody's concern.
    socket.on("error", () => socket.destroy());
    const reader = new CommandReader();
    const session = new Session({
      password: this.#options.password,
      select: (index) => {
        const cache = this.#caches[index];
        return cache === undefined ? undefined : { entries: cache.entries, now: this.#now };
      },
    });
    socket.on("data", (bytes: Buffer) => {
      try {
        const replies = [...reader.read(bytes)].map((command) => encodeReply(session.handle(command)));
        if (replies.length > 0) socket.write(replies.join(""), "latin1");
        if (session.hasQuit) socket.end();
      } catch (error) {
        if (!(error instanceof ProtocolError)) throw error;
        socket.end(encodeReply(new ErrorReply(`ERR Protocol error: ${error.message}`)), "latin1");
      }
    });
  }
}
