// The databases of a running app: an embedded PostgreSQL (or the server DATABASE_URL names), one database and role per declared
// database, migrations applied. A server that dies is started again; its clients reconnect by themselves.
import { createHmac } from "node:crypto";
import { join } from "node:path";
import type { Database, Graph } from "@tenon/model";
import { applyMigrations, type DatabaseConfig, provisionDatabase } from "@tenon/runtime";
import { databaseVariable } from "../database-variable.ts";
import { type PostgresServer, startPostgres } from "../engines/postgres/start-postgres.ts";

export interface DatabasesOptions {
  readonly appDir: string;
  /** Where the embedded server keeps its data. */
  readonly dataDir: string;
  onLog(line: string): void;
  /** The server ended by itself and is running again. */
  onRecovered(): void;
  onLost(error: Error): void;
}

export class Databases {
  readonly #options: DatabasesOptions;
  /** Database name -> where it is; kept so that an unchanged database costs nothing on reload. */
  readonly #provisioned = new Map<string, DatabaseConfig>();
  #server: Promise<PostgresServer> | undefined;
  #closed = false;

  constructor(options: DatabasesOptions) {
    this.#options = options;
  }

  /** Starts the embedded server before anybody knows whether it is needed: it was last time. */
  warm(): void {
    // A failure is reported by whoever needs the server.
    this.#embedded().catch(() => {});
  }

  /** Makes every database of the graph ready; resolves with where they are. */
  async prepare(
    graph: Graph,
    environment: Readonly<Record<string, string>>,
  ): Promise<ReadonlyMap<string, DatabaseConfig>> {
    await Promise.all(graph.databases.map((database) => this.#prepareOne(database, environment)));
    return this.#provisioned;
  }

  async #prepareOne(database: Database, environment: Readonly<Record<string, string>>): Promise<void> {
    let config = this.#provisioned.get(database.name);
    if (config === undefined) {
      const own = environment[databaseVariable(database.name)];
      const connectionString = own ?? (await this.#provision(database.name, environment));
      config = { connectionString };
      this.#provisioned.set(database.name, config);
    }
    if (database.migrations === undefined) return;
    await applyMigrations({
      connectionString: config.connectionString,
      folder: join(this.#options.appDir, database.migrations),
      database: database.name,
    });
  }

  async #provision(database: string, environment: Readonly<Record<string, string>>): Promise<string> {
    const adminUrl = environment["DATABASE_URL"] ?? (await this.#embedded()).adminUrl;
    const password = passwordFor(database, adminUrl);
    const { connectionString } = await provisionDatabase(adminUrl, { database, role: database, ...password });
    return connectionString;
  }

  #embedded(): Promise<PostgresServer> {
    this.#server ??= this.#start();
    return this.#server;
  }

  async #start(): Promise<PostgresServer> {
    try {
      const server = await startPostgres({ dataDir: this.#options.dataDir, log: (line) => this.#options.onLog(line) });
      void server.exited.then(() => this.#recover());
      return server;
    } catch (error) {
      this.#server = undefined;
      throw error;
    }
  }

  async #recover(): Promise<void> {
    if (this.#closed) return;
    this.#server = undefined;
    for (let attempt = 0; attempt < 10 && !this.#closed; attempt++) {
      try {
        await this.#embedded();
        this.#options.onRecovered();
        return;
      } catch (error) {
        if (attempt === 9) this.#options.onLost(error as Error);
        await new Promise((resolve) => setTimeout(resolve, 200 * (attempt + 1)));
      }
    }
  }

  async close(): Promise<void> {
    this.#closed = true;
    const server = await this.#server?.catch(() => undefined);
    await server?.stop();
  }
}

/** The same at every start, so that tools keep their connections; nothing but the administrator's own password could tell it. */
function passwordFor(database: string, adminUrl: string): { password?: string } {
  const secret = new URL(adminUrl).password;
  return secret === "" ? {} : { password: createHmac("sha256", secret).update(database).digest("base64url") };
}
