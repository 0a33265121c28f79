// One connection of the engine: several statements may be under way on it, which the server runs in their order. One that breaks fails
// what was under way and is made again for the next statement; so is one that was at rest for long and does not answer any more.
import pg from "pg";
import { ConnectionTrust } from "../../data/connection-trust.ts";
import { leaveUntraced } from "../../data/drivers/trace-pg-client.ts";
import { usualTimeouts } from "../../data/pool-timeouts.ts";

const connectTimeoutMs = 10_000;
/** A server that does not answer for so long has failed. */
const queryTimeoutMs = 30_000;

/**
 * Plans by index whatever the statistics say: tables of messages are empty in one minute and have millions of rows in the next. Times as
 * text are given back to the server and compared here, so that they must be written in one way.
 */
const settings = `
  SET default_transaction_isolation = 'read committed'; SET TimeZone = 'UTC'; SET DateStyle = 'ISO, YMD'; SET jit = off;
  SET enable_seqscan = off; SET enable_bitmapscan = off; SET enable_hashjoin = off; SET enable_mergejoin = off;
  SET plan_cache_mode = force_generic_plan;`;

/** Columns come as the server writes them. */
const types: pg.CustomTypesConfig = { getTypeParser: () => (text: string) => text };

export interface ConnectionOptions {
  readonly connectionString: string;
  /** Whether commits wait until they are on disk; asked when the connection is made. */
  isDurable(): boolean;
  /** As of a pool of connections. */
  readonly trustIdleMs?: number;
}

export class Connection {
  readonly #options: ConnectionOptions;
  readonly #trust = new ConnectionTrust(this);
  #opening: Promise<pg.Client> | undefined;
  #client: pg.Client | undefined;
  #underWay = 0;
  #isClosed = false;
  /** Has the next statement make a connection. */
  #lose: () => void = () => {};

  constructor(options: ConnectionOptions) {
    this.#options = options;
  }

  get pending(): number {
    return this.#underWay;
  }

  async run<Row extends pg.QueryResultRow>(query: pg.QueryConfig): Promise<Row[]> {
    const { trustIdleMs = usualTimeouts.trustIdleMs } = this.#options;
    const isDoubtful = this.#client !== undefined && this.#trust.isDoubtful(trustIdleMs);
    this.#underWay++;
    try {
      if (isDoubtful) await this.#trust.prove();
      const client = this.#client ?? (await this.#open());
      return (await client.query<Row>(query)).rows;
    } finally {
      this.#underWay--;
      if (this.#underWay === 0) this.#trust.rest();
    }
  }

  async control(text: string): Promise<void> {
    await this.#client?.query(text);
  }

  /** One that is gone already has its place taken by the next, perhaps. */
  destroy(): void {
    const client = this.#client;
    if (client === undefined) return;
    this.#lose();
    client.connection.stream.destroy();
  }

  /** What is under way gets its answer before. */
  async close(): Promise<void> {
    this.#isClosed = true;
    const client = await this.#opening?.catch(() => undefined);
    await client?.end().catch(() => {});
  }

  #open(): Promise<pg.Client> {
    if (this.#isClosed) return Promise.reject(new Error("the broker is closed"));
    this.#opening ??= this.#connect();
    return this.#opening;
  }

  async #connect(): Promise<pg.Client> {
    const client = new pg.Client({
      connectionString: this.#options.connectionString,
      pipeline: true,
      keepAlive: true,
      connectionTimeoutMillis: connectTimeoutMs,
      query_timeout: queryTimeoutMs,
      application_name: "tenon messages",
      types,
    });
    leaveUntraced(client);
    let isLost = false;
    const lose = () => {
      if (isLost) return;
      isLost = true;
      this.#opening = undefined;
      this.#client = undefined;
    };
    this.#lose = lose;
    client.on("error", lose);
    client.on("end", lose);
    try {
      await client.connect();
      await client.query(`${settings} SET synchronous_commit = ${this.#options.isDurable() ? "on" : "off"}`);
    } catch (error) {
      lose();
      void client.end().catch(() => {});
      throw error;
    }
    if (!isLost) this.#client = client;
    return client;
  }
}

/** A few connections for statements that need not be in any order. */
export class Connections {
  readonly #connections: readonly Connection[];
  #isClosed = false;

  constructor(count: number, options: ConnectionOptions) {
    this.#connections = Array.from({ length: count }, () => new Connection(options));
  }

  get isClosed(): boolean {
    return this.#isClosed;
  }

  /** The least busy one. */
  pick(): Connection {
    return this.#connections.reduce((best, one) => (one.pending < best.pending ? one : best));
  }

  run<Row extends pg.QueryResultRow>(query: pg.QueryConfig): Promise<Row[]> {
    return this.pick().run<Row>(query);
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    await Promise.all(this.#connections.map((connection) => connection.close()));
  }
}
