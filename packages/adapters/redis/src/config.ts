// Where the Redis server is, as infra.json says it, and how it is connected to: by ioredis, which comes back by itself after a loss.
import { Redis, type RedisOptions } from "ioredis";

export interface RedisEngineConfig {
  /** redis://user:password@host:port/database, rediss:// for TLS; the others go before what it says. */
  readonly url?: string;
  readonly host?: string;
  /** Default: 6379. */
  readonly port?: number;
  readonly username?: string;
  readonly password?: string;
  readonly database?: number;
  readonly tls?: { readonly ca?: string; readonly checkHostname?: boolean; readonly checkCertificate?: boolean };
  /** In front of every key. Default: "tenon:messages:". */
  readonly keyPrefix?: string;
  /** A publish is acknowledged once so many replicas have it too. Default: 0. */
  readonly replicas?: number;
  /** "assumed": nobody asks the server whether it keeps what it answers. Default: "checked". */
  readonly durability?: "checked" | "assumed";
}

const connectTimeoutMs = 5_000;
/** A server that does not answer for so long has failed. */
const commandTimeoutMs = 30_000;
const longestReconnectMs = 1_000;

export function keyPrefixOf({ keyPrefix }: RedisEngineConfig): string {
  return keyPrefix ?? "tenon:messages:";
}

/** `isPatient`: for a connection that only listens. Others fail rather than wait for a server that is away. */
export function connectTo(config: RedisEngineConfig, isPatient = false): Redis {
  const options = {
    protocol: 2 as const,
    disableClientInfo: true,
    connectTimeout: connectTimeoutMs,
    maxRetriesPerRequest: isPatient ? null : 0,
    ...(isPatient ? {} : { commandTimeout: commandTimeoutMs }),
    // A publish whose answer was lost may have been accepted: it is for the publisher to say it again.
    autoResendUnfulfilledCommands: false,
    autoResubscribe: false,
    retryStrategy: (times: number) => Math.min(50 * 2 ** Math.min(times, 10), longestReconnectMs),
    ...serverOf(config.url === undefined ? config : { ...fromUrl(config.url), ...config }),
  } satisfies RedisOptions;
  const client = new Redis(options);
  // Commands say what went wrong; a connection that breaks while idle is made again.
  client.on("error", () => {});
  return client;
}

function fromUrl(text: string): Partial<RedisEngineConfig> {
  const { protocol, hostname, port, username, password, pathname } = new URL(text);
  const database = pathname.slice(1);
  return {
    host: hostname.replace(/^\[(.*)\]$/, "$1"),
    ...(port === "" ? {} : { port: Number(port) }),
    ...(username === "" ? {} : { username: decodeURIComponent(username) }),
    ...(password === "" ? {} : { password: decodeURIComponent(password) }),
    ...(database === "" ? {} : { database: Number(database) }),
    ...(protocol === "rediss:" ? { tls: {} } : {}),
  };
}

function serverOf({ host, port, username, password, database, tls }: Partial<RedisEngineConfig>) {
  return {
    ...(host === undefined ? {} : { host }),
    ...(port === undefined ? {} : { port }),
    ...(username === undefined ? {} : { username }),
    ...(password === undefined ? {} : { password }),
    ...(database === undefined ? {} : { db: database }),
    ...(tls === undefined
      ? {}
      : {
          tls: {
            ...(host === undefined ? {} : { servername: host }),
            ...(tls.ca === undefined ? {} : { ca: tls.ca }),
            ...(tls.checkHostname === false ? { checkServerIdentity: () => undefined } : {}),
            ...(tls.checkCertificate === false ? { rejectUnauthorized: false } : {}),
          },
        }),
  } satisfies RedisOptions;
}
