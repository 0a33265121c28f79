// One connection to a cache server, by ioredis: many operations share it, it comes back by itself after a loss, and operations fail
// rather than wait for a server that is away.
import type { Redis, RedisOptions } from "ioredis";
import { runOutsideOfCalls } from "../telemetry/outside-of-calls.ts";
import { warnRarely } from "../telemetry/warn-rarely.ts";
import type { CacheServer } from "./cache-config.ts";
import type { CacheScript } from "./scripts.ts";

/** Name and arguments as the server takes them. */
export type Command = readonly [name: string, ...args: (string | number)[]];

const connectTimeoutMs = 5_000;
const longestReconnectMs = 2_000;
/** Whoever owes an answer for so long is away: a server that is paused, or behind a network that swallows what is sent. */
const silenceMs = 5_000;

export class CacheConnection {
  readonly #client: Redis;
  readonly #prefix: string;
  #trouble = "the connection was lost";

  private constructor(client: Redis, prefix: string) {
    this.#client = client;
    this.#prefix = prefix;
  }

  static async open(cluster: string, server: CacheServer): Promise<CacheConnection> {
    const { Redis } = await import("ioredis");
    return runOutsideOfCalls(() => {
      const client = new Redis(optionsOf(server));
      const connection = new CacheConnection(client, server.keyPrefix ?? "");
      client.on("error", (error: Error) => {
        connection.#trouble = error.message || error.name;
        warnRarely("a cache cannot be reached", { cluster, reason: connection.#trouble });
      });
      return connection;
    });
  }

  /** Why the last attempt to connect failed. */
  get trouble(): string {
    return this.#trouble;
  }

  /** A key as the server knows it. */
  key(key: string): string {
    return this.#prefix + key;
  }

  run([name, ...args]: Command): Promise<unknown> {
    return this.#client.call(name, args);
  }

  /** All of them, with nothing of anybody else between; resolves with the first one's answer. */
  async runTogether(commands: readonly Command[]): Promise<unknown> {
    // As the names of ioredis' methods.
    const calls = commands.map(([name, ...args]) => [name.toLowerCase(), ...args]);
    const answers = await this.#client.multi(calls).exec();
    for (const [error] of answers ?? []) if (error !== null) throw error;
    return answers?.[0]?.[1];
  }

  /** Sends the text of a script only to a server that does not know it yet. */
  async runScript(script: CacheScript, keys: readonly string[], args: readonly (string | number)[]): Promise<unknown> {
    const rest = [keys.length, ...keys, ...args];
    try {
      return await this.#client.call("EVALSHA", [script.sha, ...rest]);
    } catch (error) {
      if (!(error as Error).message.startsWith("NOSCRIPT")) throw error;
      return this.#client.call("EVAL", [script.text, ...rest]);
    }
  }

  close(): void {
    this.#client.disconnect();
  }
}

function optionsOf({ host, port, username, password, database, tls }: CacheServer) {
  return {
    host,
    port,
    ...(username === undefined ? {} : { username }),
    ...(password === undefined ? {} : { password }),
    ...(database === undefined ? {} : { db: database }),
    ...(tls === undefined ? {} : { tls: tlsOptions(host, tls) }),
    // All servers that there are speak it.
    protocol: 2 as const,
    disableClientInfo: true,
    connectTimeout: connectTimeoutMs,
    socketTimeout: silenceMs,
    // Asking how the server is needs a right that not everybody is given; one that is not ready says so in its answers.
    enableReadyCheck: false,
    // It was the primary once: its name may lead to the one that is by now.
    reconnectOnError: ({ message }: Error) => message.startsWith("READONLY"),
    // Those that wait fail with the first attempt to connect that does.
    maxRetriesPerRequest: 0,
    retryStrategy: (times: number) => Math.min(50 * 2 ** Math.min(times, 10), longestReconnectMs),
  } satisfies RedisOptions;
}

function tlsOptions(host: string, { ca, cert, key, checkHostname, checkCertificate }: NonNullable<CacheServer["tls"]>) {
  return {
    servername: host,
    ...(ca === undefined ? {} : { ca }),
    ...(cert === undefined ? {} : { cert }),
    ...(key === undefined ? {} : { key }),
    ...(checkHostname === false ? { checkServerIdentity: () => undefined } : {}),
    ...(checkCertificate === false ? { rejectUnauthorized: false } : {}),
  };
}
