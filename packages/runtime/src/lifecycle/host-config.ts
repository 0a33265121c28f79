// Everything a service process is told from outside: which services it hosts, where it listens, where the rest is. Written by the
// dev supervisor or by `tenon start`; plain JSON, so that it can cross a process boundary.
import type { Cors } from "@tenon/model";
import type { BuildMeta, EnvironmentMeta } from "../config/app-meta.ts";
import type { CacheConfig } from "../cache/cache-config.ts";
import type { CronConfig } from "../cron/cron-config.ts";
import type { LogLevel } from "../log/level.ts";
import type { ObjectsConfig } from "../objects/objects-config.ts";
import type { MetricsPushConfig } from "../telemetry/push/metrics-push-config.ts";
import type { MessagingConfig } from "../messaging/messaging-config.ts";

export type ListenAddress = SocketAddress | FunctionAddress;

export type SocketAddress =
  | { readonly host: string; readonly port: number; readonly tls?: TlsConfig }
  /** `mode`: who may connect, as for a file (0o600). */
  | { readonly socketPath: string; readonly mode?: number }
  /** A socket that listens already, opened by who started this process (systemd's socket activation); others may listen on it too. */
  | { readonly fd: number; readonly tls?: TlsConfig };

/** Nowhere: requests are handed over by the platform that runs this process as a function. For the public, or for other processes of the app. */
export interface FunctionAddress {
  readonly handedOver: "public" | "internal";
}

/** PEM texts. */
export interface TlsConfig {
  /** With those that lead to a known authority. */
  readonly cert: string;
  readonly key: string;
}

export interface HostConfig {
  /** Folder of a build: app.json, codecs/, services/. Absolute. */
  readonly buildDir: string;
  /** What the graph's paths of static files are relative to: the app's folder in development. Absolute. Default: `files/` of the build. */
  readonly filesDir?: string;
  /** Names of the services hosted by this process. */
  readonly services: readonly string[];
  /** Where calls from other processes and forwarded gateway requests arrive; every request needs the credential, but for health. */
  readonly internal: ListenAddress | null;
  /** The public door in this process; null where another process has it. */
  readonly gateway: ListenAddress | null;
  /** Base address of each service hosted elsewhere: "http://host:port" or "unix:/path.sock". */
  readonly remotes: Readonly<Record<string, string>>;
  /** Shared between the processes of one app; sent as `x-tenon-credential`. */
  readonly credential: string;
  /** Taken from other processes as well: while a key is being replaced. */
  readonly otherCredentials?: readonly string[];
  /** Database name -> where it is. Only those of the hosted services are ever handed over. */
  readonly databases: Readonly<Record<string, DatabaseConfig>>;
  /** In development those without a value read as "", otherwise the process does not start without one. */
  readonly secrets: Readonly<Record<string, string>>;
  /** Texts of the configuration files of the hosted services, the weaker first. */
  readonly configFiles?: readonly ConfigFile[];
  /** What `appMeta()` tells of the place; the rest is in the build. */
  readonly meta?: PlaceMeta;
  /** Absent where no hosted service publishes or subscribes. */
  readonly messaging?: MessagingConfig;
  /** Absent: in memory. */
  readonly cron?: CronConfig;
  /** Absent where no hosted service uses a bucket. */
  readonly objects?: ObjectsConfig;
  /** Absent where no hosted service uses a cache. */
  readonly caches?: CacheConfig;
  /** How the public door answers pages of other origins, in place of what the app says. */
  readonly cors?: Cors;
  readonly telemetry: TelemetryConfig;
  /** Local development: error responses may name causes, logs are for people. */
  readonly development: boolean;
  /**
   * A platform runs this process only while it answers: it is handed requests, messages and ticks, and goes on with nothing behind its
   * answers. Its doors are FunctionAddresses. Default: false.
   */
  readonly isFunction?: boolean;
  /** How log lines are written; without it "pretty" in development, else "json". */
  readonly logFormat?: "pretty" | "json";
  /** From which level on, where the environment says nothing; without it "debug" in development, else "info". */
  readonly logLevel?: LogLevel;
}

export interface ConfigFile {
  readonly service: string;
  /** For messages: relative to the app's folder or the build. */
  readonly path: string;
  /** JSON with comments. */
  readonly text: string;
}

export interface PlaceMeta {
  /** Absent: the app's own. */
  readonly appId?: string;
  readonly apiBaseUrl: string;
  readonly environment: EnvironmentMeta;
  readonly build: BuildMeta;
  readonly deployId: string;
}

export interface DatabaseConfig {
  /** postgres://user:password@host:port/name, also with ?host=/socket/folder. */
  readonly connectionString: string;
  /** The same database by host and port, for libraries that know nothing of socket folders; default: `connectionString`. */
  readonly tcpConnectionString?: string;
  /** Default 10. */
  readonly maxConnections?: number;
  /** Opened at the start, so that the first requests need not wait for them. Default 0. */
  readonly minConnections?: number;
}

export interface TelemetryConfig {
  /** Base of an OTLP/HTTP receiver: spans are POSTed as JSON to `<endpoint>/v1/traces`; null: recorded but not exported. */
  readonly otlpEndpoint: string | null;
  /** Sent with every export, lower-case names: often the key of a tracing service. */
  readonly otlpHeaders?: Readonly<Record<string, string>>;
  /** Of what is exported. Default: "none" to a collector on this machine, else "gzip", of bodies from 16 KiB. */
  readonly otlpCompression?: "gzip" | "none";
  /** Share of new traces that are recorded, 0 to 1. A caller's decision is followed. */
  readonly sample: number;
  /** How long finished spans may wait to be sent; 100 in development. */
  readonly flushIntervalMs: number;
  /** Spans of endpoints carry the request and the response; for development. Default: false. */
  readonly payloads?: boolean;
  /** How often metrics are exported to `otlpEndpoint`; null: never. Default 60000. */
  readonly metricsIntervalMs?: number | null;
  /** Who metrics are pushed to, besides. */
  readonly metricsPush?: MetricsPushConfig;
}
