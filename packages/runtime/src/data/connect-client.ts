// Opens a connection, and keeps trying for a while where the server is only just (re)starting or has no place free.
import { setTimeout as sleep } from "node:timers/promises";
import { type ClientSettings, DatabaseClient } from "./database-client.ts";
import { DatabaseError } from "./errors.ts";
import { sqlStateOf, toDatabaseError } from "./postgres-error.ts";

const firstPauseMs = 20;
const longestPauseMs = 500;

/** 57P03: starting up or shutting down; 57P01, 57P02: shut down in the middle of it; 53300: too many connections. */
const passingStates = new Set(["57P01", "57P02", "57P03", "53300"]);

export interface ConnectOptions {
  readonly pipeline: boolean;
  /** Over all attempts. */
  readonly timeoutMs: number;
  /** Is told why an attempt failed that is followed by another one. */
  readonly onSetback?: (reason: string) => void;
}

export async function connectClient(settings: ClientSettings, options: ConnectOptions): Promise<DatabaseClient> {
  const deadlineAt = performance.now() + options.timeoutMs;
  for (let pauseMs = firstPauseMs; ; pauseMs = Math.min(pauseMs * 2, longestPauseMs)) {
    settings.watch.refuseWhenSilent();
    const leftMs = Math.max(1, Math.ceil(deadlineAt - performance.now()));
    const client = new DatabaseClient(settings, { pipeline: options.pipeline, connectTimeoutMs: leftMs });
    try {
      await client.connect();
      return client;
    } catch (error) {
      client.destroy();
      if (error instanceof DatabaseError) throw error;
      const state = sqlStateOf(error);
      // No right to CONNECT.
      if (state === "42501")
        throw new DatabaseError("database_access_denied", settings.database, messageOf(error), { cause: error });
      if (state !== undefined && !passingStates.has(state)) throw toDatabaseError(error, settings.database);
      if (isTlsFailure(error))
        throw new DatabaseError("database_tls_failed", settings.database, messageOf(error), { cause: error });
      if (performance.now() + pauseMs >= deadlineAt) throw unavailable(settings, error);
      options.onSetback?.(messageOf(error));
    }
    await sleep(pauseMs);
  }
}

function unavailable(settings: ClientSettings, cause: unknown): DatabaseError {
  return new DatabaseError("database_unavailable", settings.database, messageOf(cause), { cause });
}

/** Failures of a host with several addresses come as an AggregateError without a message. */
function messageOf(error: unknown): string {
  const { message, code, errors } = error as Error & { code?: string; errors?: Error[] };
  return message || errors?.map((inner) => inner.message).join(", ") || code || "no reason given";
}

/** What OpenSSL says of a certificate, and what the driver says where the server knows no TLS. Trying again changes nothing. */
function isTlsFailure(error: unknown): boolean {
  const { code = "", message } = error as { code?: string; message: string };
  return /^ERR_(TLS|SSL)_|CERT|UNABLE_TO_(GET|VERIFY)|HOSTNAME_MISMATCH/.test(code) || /SSL connection/.test(message);
}
