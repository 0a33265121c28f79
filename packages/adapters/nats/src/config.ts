// Where the NATS servers are, as infra.json says it, and the options that a connection is made with.
import { readFile } from "node:fs/promises";
import { credsAuthenticator, type NodeConnectionOptions } from "@nats-io/transport-node";

export interface NatsEngineConfig {
  /** "nats://host:4222", several with commas between. */
  readonly servers: string;
  readonly user?: string;
  readonly password?: string;
  readonly token?: string;
  /** A file with a user's JWT and seed, as `nsc` writes it. */
  readonly credentialsFile?: string;
  readonly tls?: { readonly ca?: string; readonly checkCertificate?: boolean };
  /** In front of the names of streams and subjects. Default: "tenon". */
  readonly prefix?: string;
  /** How many servers of a cluster keep each message. Default: 1. */
  readonly replicas?: number;
}

const reconnectWaitMs = 250;
/** Two of these without an answer, and the server is taken for dead. */
const pingIntervalMs = 10_000;

export async function connectionOptions(config: NatsEngineConfig): Promise<NodeConnectionOptions> {
  const { servers, user, password, token, credentialsFile, tls } = config;
  return {
    servers: servers.split(",").map((server) => server.trim()),
    ...(user === undefined ? {} : { user }),
    ...(password === undefined ? {} : { pass: password }),
    ...(token === undefined ? {} : { token }),
    ...(credentialsFile === undefined ? {} : { authenticator: credsAuthenticator(await readFile(credentialsFile)) }),
    ...(tls === undefined
      ? {}
      : {
          tls: {
            ...(tls.ca === undefined ? {} : { ca: tls.ca }),
            ...(tls.checkCertificate === false ? { rejectUnauthorized: false } : {}),
          },
        }),
    maxReconnectAttempts: -1,
    reconnectTimeWait: reconnectWaitMs,
    pingInterval: pingIntervalMs,
    maxPingOut: 2,
  };
}
