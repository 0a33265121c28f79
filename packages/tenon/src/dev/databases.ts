// The databases of a running app: an embedded PostgreSQL (or the server DATABASE_URL names), one database and role per declared
// database, migrations applied. A server that dies is started again; its clients reconnect by themselves.
import { readdir, stat } from "node:fs/promises";
import { join } from "node:path";
import type { Database, Graph } from "@tenon/model";
import { applyMigrations, type DatabaseConfig, type PostgresMessagingConfig, provisionDatabase } from "@tenon/runtime";
import { databaseVariable, messagesDatabase } from "../database-variable.ts";
import { type PostgresServer, startPostgres } from "../engines/postgres/start-postgres.ts";
import { passwordFor } from "./database-password.ts";
import { ServiceStartError } from "./service-process.ts";
import { withTcp } from "./tcp-address.ts";

export interface DatabasesOptions {
  readonly appDir: string;
  /** Where the embedded server keeps its data. */
  readonly dataDir: string;
  /** The server ended by itself and is running again; its databases may have to be prepared anew. */
  onRecovered(): void;
  onLost(error: Error): void;
}

export interface PreparedDatabases {
  /** By name. */
  readonly configs: ReadonlyMap<string, DatabaseConfig>;
  /** "database: 2_name.up.sql" of the migrations that were applied now. */
  readonly migrated: readonly string[];
  /** Where messages are kept; absent for an app without topics. */
  readonly messaging?: PostgresMessagingConfig;
}

interface Provisioned {
  readonly config: DatabaseConfig;
  /** What was asked for: another address asks for another database. */
  readonly source: string;
  /** The migrations as they were when they had all been applied. */
  migrations: string | undefined;
}

const recoveryAttempts = 10;
const recoveryPauseMs = 200;

export class Databases {
  readonly #options: DatabasesOptions;
  /** By name of the database; kept so that an unchanged database costs nothing on reload. */
  readonly #provisioned = new Map<string, Provisioned>();
  #server: Promise<PostgresServer> | undefined;
  #closed = false;

  constructor(options: DatabasesOptions) {
    this.#options = options;
  }

  /** Makes every database of the graph ready. */
  async prepare(graph: Graph, environment: Readonly<Record<string, string>>): Promise<PreparedDatabases> {
    const migrated = await Promise.all(graph.databases.map((database) => this.#prepareOne(database, environment)));
    const configs = graph.databases.map(({ name }) => [name, this.#provisioned.get(name)!.config] as const);
    const prepared = { configs: new Map(configs), migrated: migrated.flat() };
    if (graph.topics === undefined) return prepared;
    const { connectionString } = (await this.#provision(messagesDatabase, environment)).config;
    return { ...prepared, messaging: { kind: "postgres", connectionString } };
  }

  /** Where the messages of the version that was prepared last are; undefined: it has none, or there is no server now. */
  get messaging(): PostgresMessagingConfig | undefined {
    const provisioned = this.#provisioned.get(messagesDatabase);
    return provisioned && { kind: "postgres", connectionString: provisioned.config.connectionString };
  }

  async #prepareOne(
    { name, migrations, migrationSource }: Database,
    environment: Readonly<Record<string, string>>,
  ): Promise<readonly string[]> {
    const provisioned = await this.#provision(name, environment);
    if (migrations === undefined) return [];
    const folder = join(this.#options.appDir, migrations);
    const state = await stateOf(folder);
    if (state !== undefined && state === provisioned.migrations) return [];
    const { connectionString } = provisioned.config;
    const { applied } = await applyMigrations({ connectionString, folder, source: migrationSource, database: name });
    provisioned.migrations = state;
    return applied.map((file) => `${name}: ${file}`);
  }

  async #provision(database: string, environment: Readonly<Record<string, string>>): Promise<Provisioned> {
    const own = environment[databaseVariable(database)];
    const server = environment["DATABASE_URL"];
    const source = own ?? server ?? "embedded";
    const known = this.#provisioned.get(database);
    if (known?.source === source) return known;
    const connectionString = own ?? (await this.#create(database, server ?? (await this.#embedded()).adminUrl));
    const config = own === undefined && server === undefined ? withTcp(connectionString) : { connectionString };
    const provisioned: Provisioned = { config, source, migrations: undefined };
    this.#provisioned.set(database, provisioned);
    return provisioned;
  }

  async #create(database: string, adminUrl: string): Promise<string> {
    const password = passwordFor(database, adminUrl);
    const { connectionString } = await provisionDatabase(adminUrl, { database, role: database, ...password });
    return connectionString;
  }

  #embedded(): Promise<PostgresServer> {
    this.#server ??= this.#start();
    return this.#server;
  }

  async #start(): Promise<PostgresServer> {
    // Whoever closes waits for a server that is just starting, but cannot know of one that is yet to start.
    if (this.#closed) throw new ServiceStartError("superseded", "the app is being stopped");
    try {
      const server = await startPostgres({ dataDir: this.#options.dataDir });
      void server.exited.then(() => this.#recover());
      return server;
    } catch (error) {
      this.#server = undefined;
      throw error;
    }
  }

  async #recover(): Promise<void> {
    this.#server = undefined;
    this.#provisioned.clear();
    for (let attempt = 1; !this.#closed; attempt++) {
      try {
        await this.#embedded();
        this.#options.onRecovered();
        return;
      } catch (error) {
        if (attempt < recoveryAttempts) await new Promise((resolve) => setTimeout(resolve, recoveryPauseMs * attempt));
        else return this.#closed ? undefined : this.#options.onLost(error as Error);
      }
    }
  }

  /** Ends the server and forgets everything: the next `prepare` begins at the beginning. */
  async reset(): Promise<void> {
    const server = await this.#server?.catch(() => undefined);
    this.#server = undefined;
    this.#provisioned.clear();
    await server?.stop();
  }

  async close(): Promise<void> {
    this.#closed = true;
    await this.reset();
  }
}

/** Changes when any file below the folder does; undefined when there is no such folder, which is for the migrations to report. */
async function stateOf(folder: string): Promise<string | undefined> {
  const names = await readdir(folder, { recursive: true }).catch(() => undefined);
  if (names === undefined) return undefined;
  const stamps = await Promise.all(
    names.sort().map((name) =>
      stat(join(folder, name)).then(
        (info) => `${name}:${info.size}:${info.mtimeMs}`,
        () => `${name}:gone`,
      ),
    ),
  );
  return stamps.join("\n");
}
