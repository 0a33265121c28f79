// The connections of one process to one database, in two lanes; runs single statements and lends connections.
import { setTimeout as sleep } from "node:timers/promises";
import pg from "pg";
import { currentCall } from "../call/context.ts";
import type { DatabaseConfig } from "../lifecycle/host-config.ts";
import type { ClientSettings, DatabaseClient } from "./database-client.ts";
import { DatabaseError } from "./errors.ts";
import { ExclusiveClients } from "./exclusive-clients.ts";
import { type ListenEvent, NotificationHub } from "./notification-hub.ts";
import { isStalePlan, sqlStateOf, wasNotSent } from "./postgres-error.ts";
import { ParameterTypes } from "./parameter-types.ts";
import { type PoolTimeouts, usualTimeouts } from "./pool-timeouts.ts";
import { PreparedNames } from "./prepared-names.ts";
import { ServerWatch } from "./server-watch.ts";
import { SharedClients } from "./shared-clients.ts";
import type { Row, Statement, StatementResult, StatementRunner } from "./statement.ts";
import { summarizeStatement } from "./statement-summary.ts";
import { streamRows } from "./stream-rows.ts";
import type { TraceTarget } from "./statement-span.ts";
import { UserArrays } from "./user-arrays.ts";
import { traceStatement } from "./trace-statement.ts";

const defaultMaxConnections = 10;
const mostShared = 4;
const mostRuns = 4;

export class ConnectionPool implements StatementRunner {
  readonly database: string;
  readonly connectionString: string;
  /** What users get to see. */
  readonly tcpConnectionString: string;
  readonly maxConnections: number;
  readonly target: TraceTarget & { readonly namespace: string };
  readonly parent = undefined;
  readonly #settings: ClientSettings;
  readonly #shared: SharedClients | undefined;
  readonly #exclusive: ExclusiveClients;
  readonly #mostExclusive: number;
  readonly #notifications: NotificationHub;
  readonly #running = new Set<Promise<unknown>>();
  #closing = false;

  constructor(database: string, config: DatabaseConfig, changed: Partial<PoolTimeouts> = {}) {
    const timeouts = { ...usualTimeouts, ...changed };
    const { connectionString, maxConnections = defaultMaxConnections } = config;
    this.database = database;
    this.connectionString = connectionString;
    this.tcpConnectionString = config.tcpConnectionString ?? connectionString;
    this.maxConnections = maxConnections;
    this.target = { database, namespace: checkConfig(database, connectionString, maxConnections) };
    this.#settings = {
      database,
      connectionString,
      names: new PreparedNames(),
      parameterTypes: new ParameterTypes(),
      userArrays: new UserArrays(),
      watch: new ServerWatch(database, () => new pg.Client({ connectionString })),
    };
    this.#notifications = new NotificationHub(this.#settings);
    const shared = Math.min(mostShared, Math.floor(maxConnections / 2));
    this.#shared = shared > 0 ? new SharedClients(this.#settings, shared, timeouts) : undefined;
    this.#mostExclusive = maxConnections - shared;
    this.#exclusive = new ExclusiveClients(this.#settings, this.#mostExclusive, timeouts);
  }

  run(statement: Statement): Promise<StatementResult> {
    return traceStatement(this.target, statement.text, undefined, async (countRows) => {
      const result = await this.#runAgainWhereSafe(statement);
      countRows(result.rows.length);
      return result;
    });
  }

  stream(statement: Statement): AsyncGenerator<Row> {
    return streamRows(this, statement);
  }

  listen(channel: string, signals: readonly AbortSignal[]): AsyncGenerator<ListenEvent> {
    return this.#notifications.listen(channel, signals);
  }

  async borrow<T>(run: (client: DatabaseClient) => Promise<T>): Promise<T> {
    const client = await this.acquire();
    try {
      await client.limitTo(currentCall());
      return await run(client);
    } finally {
      if (client.inTransaction) client.retired = true;
      this.release(client);
    }
  }

  acquire(): Promise<DatabaseClient> {
    return this.#exclusive.acquire(currentCall());
  }

  release(client: DatabaseClient): void {
    this.#exclusive.release(client);
  }

  /** Opens so many connections, as far as they are among those for one user each, and keeps them. */
  async open(count: number): Promise<void> {
    const wanted = Math.min(count, this.#mostExclusive);
    const opening = await Promise.allSettled(Array.from({ length: wanted }, () => this.acquire()));
    for (const one of opening) if (one.status === "fulfilled") this.release(one.value);
    const failed = opening.find((one) => one.status === "rejected");
    if (failed !== undefined) throw failed.reason;
  }

  /** After its tables changed the statement is prepared anew. */
  forgetPrepared(text: string): void {
    this.#settings.names.renew(text);
    this.#settings.parameterTypes.forget(text);
  }

  /** Without a span: readiness is asked for every few seconds. */
  async ping(timeoutMs: number): Promise<void> {
    const timer = new AbortController();
    const late = sleep(timeoutMs, "late", { signal: timer.signal }).catch(() => {});
    const outcome = await Promise.race([this.#runAgainWhereSafe({ text: "SELECT 1", values: [] }), late]);
    timer.abort();
    if (outcome === "late") {
      throw new DatabaseError("database_unavailable", this.database, `no answer within ${timeoutMs} ms`);
    }
  }

  /** Lets what is under way finish, within the time. */
  async close(timeoutMs: number): Promise<void> {
    const timer = setTimeout(() => {
      this.#shared?.destroy();
      this.#exclusive.destroy();
    }, timeoutMs);
    this.#closing = true;
    this.#notifications.close();
    await Promise.allSettled(this.#running);
    await Promise.all([this.#shared?.close(), this.#exclusive.close()]);
    this.#settings.watch.close();
    clearTimeout(timer);
  }

  async #runAgainWhereSafe(statement: Statement): Promise<StatementResult> {
    if (this.#closing) throw new DatabaseError("database_unavailable", this.database, "the process is stopping");
    const running = this.#repeat(statement);
    this.#running.add(running);
    try {
      return await running;
    } finally {
      this.#running.delete(running);
    }
  }

  async #repeat(statement: Statement): Promise<StatementResult> {
    for (let run = 1; ; run++) {
      try {
        return await this.#runOnce(statement, run);
      } catch (error) {
        // None of these executed anything; see each predicate.
        if (run >= mostRuns || !(error instanceof RunAgain)) throw error instanceof RunAgain ? error.cause : error;
      }
    }
  }

  async #runOnce(statement: Statement, run: number): Promise<StatementResult> {
    const call = currentCall();
    this.#settings.watch.refuseWhenSilent();
    const pipelined =
      run < mostRuns && summarizeStatement(statement.text).plainRead
        ? await this.#shared?.pick(call, this.#exclusive.hasIdle)
        : undefined;
    const client = pipelined ?? (await this.#exclusive.acquire(call));
    try {
      await client.limitTo(call);
      return await client.run(statement, call);
    } catch (error) {
      const lostName = isStalePlan(error) || sqlStateOf(error) === "26000";
      if (lostName) this.forgetPrepared(statement.text);
      if (lostName || wasNotSent(error) || client.wasCanceledInPassing(error)) throw new RunAgain(error);
      throw error;
    } finally {
      if (!pipelined) this.#exclusive.release(client);
    }
  }
}

/** Nothing was executed, so the statement may run again. */
class RunAgain {
  readonly cause: unknown;
  constructor(cause: unknown) {
    this.cause = cause;
  }
}

/** Returns the name of the database on the server. */
function checkConfig(database: string, connectionString: string, maxConnections: number): string {
  if (!Number.isInteger(maxConnections) || maxConnections < 1) {
    throw new DatabaseError("database_config_invalid", database, `maxConnections is ${maxConnections}`);
  }
  const url = URL.canParse(connectionString) ? new URL(connectionString) : undefined;
  if (!url || !/^postgres(ql)?:$/.test(url.protocol) || url.pathname.length < 2) {
    // Never the string itself: it holds the password.
    throw new DatabaseError(
      "database_config_invalid",
      database,
      "the connection string is not a PostgreSQL URL with a database",
    );
  }
  return decodeURIComponent(url.pathname.slice(1));
}
