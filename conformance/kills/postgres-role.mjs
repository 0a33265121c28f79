// A PostgreSQL server that can be killed at any time: it comes back on the same folder and port by itself.
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { freePort } from "../harness/free-port.mjs";
import { root } from "../harness/tenon.mjs";

const { startPostgres } = await import(join(root, "packages/tenon/dist/engines/postgres/start-postgres.js"));

export class PostgresRole {
  #dataDir;
  #server;
  #starting;
  #isStopped = false;

  /** `role`: what it plays in the history. */
  constructor(role, dataDir) {
    this.role = role;
    this.#dataDir = dataDir;
  }

  get adminUrl() {
    return overTcp(this.#server.adminUrl);
  }

  /** For the first time, on a port of its own that it keeps. */
  async start() {
    const server = await startPostgres({ dataDir: this.#dataDir });
    await server.stop();
    await writeFile(join(this.#dataDir, "tenon-port"), String(await freePort()));
    await this.#restart();
  }

  #restart() {
    this.#starting ??= this.#launch();
    return this.#starting;
  }

  async #launch() {
    const server = await startPostgres({ dataDir: this.#dataDir });
    this.#server = server;
    void server.exited.then(() => {
      this.#starting = undefined;
      if (!this.#isStopped) return this.#restart();
    });
  }

  /** Its process while it runs. */
  get pid() {
    return this.#starting === undefined ? undefined : this.#server?.pid;
  }

  async stop() {
    this.#isStopped = true;
    await this.#starting;
    await this.#server?.stop();
  }
}

/** The socket's folder does not outlive the server. */
export function overTcp(url) {
  const address = new URL(url);
  address.searchParams.delete("host");
  return address.href;
}
