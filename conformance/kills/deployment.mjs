// An app as it runs in production, on this machine: built, migrated, several processes of `tenon start` with an infra.json, a PostgreSQL
// server for its data and an engine for its messages. All of them can be killed, and come back by themselves.
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { provisionDatabase } from "@tenon/runtime";
import pg from "pg";
import { copyApp } from "../harness/app-copy.mjs";
import { eventually } from "../harness/eventually.mjs";
import { freePort } from "../harness/free-port.mjs";
import { runNode, runTenon } from "../harness/tenon.mjs";
import { engines } from "./engines.mjs";
import { Player } from "./player.mjs";
import { overTcp, PostgresRole } from "./postgres-role.mjs";

/**
 * @typedef {{ role: string, services: string[], count?: number }} Part `count`: processes that host these services (1)
 * @typedef {{ app: string, databases: string[], parts: Part[], engine: string, environment?: Record<string, string>,
 *   pubsub?: (real: object) => object }} Options `app`: its folder, from the root of the checkout. `environment`: of its processes.
 *   `pubsub`: another entry in infra.json than the engine's own
 */
export class Deployment {
  /** In the order in which things were started: they end the other way round. */
  #endings = [];
  #urls = {};
  #environment = {};
  dir;
  engine;
  database;
  /** @type {Player[]} */
  players = [];

  /** @param {Options} options */
  static async open(options) {
    const deployment = new Deployment();
    try {
      await deployment.#open(options);
      return deployment;
    } catch (error) {
      await deployment.close();
      throw error;
    }
  }

  async #open({ app, databases, parts, engine, environment = {}, pubsub = (real) => real }) {
    this.dir = await mkdtemp(join(tmpdir(), `tenon-${engine}-`));
    const [main] = await all(this.#build(app), this.#openDatabases(databases), this.#openEngine(engine));
    const urls = Object.entries(this.#urls).map(([name, url]) => [`${name.toUpperCase()}_DATABASE_URL`, url]);
    this.#environment = { ...Object.fromEntries(urls), ...environment, NODE_COMPILE_CACHE: join(this.dir, "compiled") };
    const places = await placesOf(parts);
    const infra = join(this.dir, "infra.json");
    await writeFile(infra, JSON.stringify(infraOf(places, pubsub(this.engine.pubsub))));
    const migrated = await runNode(main, ["migrate", "--infra", infra], { env: this.#environment });
    if (migrated.code !== 0) throw new Error(`the migrations failed:\n${migrated.stdout}${migrated.stderr}`);
    for (const place of places) this.#play(place, main, infra);
    await this.allServing();
  }

  async #build(source) {
    const app = await copyApp(source);
    this.#endings.push(() => app.remove());
    const built = await runTenon(["build", app.dir]);
    if (built.code !== 0) throw new Error(`tenon build failed:\n${built.stdout}${built.stderr}`);
    return join(app.dir, ".tenon/build/main.js");
  }

  async #openDatabases(databases) {
    await mkdir(join(this.dir, "database"));
    this.database = new PostgresRole("database", join(this.dir, "database/postgres"));
    this.#endings.push(() => this.database.stop());
    await this.database.start();
    for (const name of databases) {
      const made = await provisionDatabase(this.database.adminUrl, { database: name, role: name });
      this.#urls[name] = overTcp(made.connectionString);
    }
  }

  async #openEngine(name) {
    this.engine = await engines[name].start(join(this.dir, "engine"));
    this.#endings.push(() => this.engine.server.stop());
  }

  #play({ name, role, services, port, internalPort }, main, infra) {
    const player = new Player({
      role,
      args: [main, "start", "--services", services.join(","), "--port", String(port), "--infra", infra],
      env: { ...this.#environment, TENON_INTERNAL_PORT: String(internalPort) },
      address: `http://127.0.0.1:${port}`,
      logFile: join(this.dir, `${name}.log`),
    });
    this.#endings.push(() => player.stop());
    this.players.push(player);
    player.start();
  }

  /** Resolves when no process is on its way up. */
  async allServing() {
    await eventually("all processes to serve", () => this.players.every(({ isServing }) => isServing), {
      deadlineMs: 60_000,
    });
  }

  /** Whatever can be killed. */
  get victims() {
    return [...this.players, this.engine.server, this.database];
  }

  /** Rows of one of the app's databases. */
  async query(database, text, values = []) {
    const client = new pg.Client({ connectionString: this.#urls[database], connectionTimeoutMillis: 5_000 });
    await client.connect();
    try {
      return (await client.query(text, values)).rows;
    } finally {
      await client.end();
    }
  }

  /** Messages without an outcome, of all topics. */
  async backlog() {
    const states = await this.engine.control.states();
    return states.reduce((sum, { backlog }) => sum + backlog, 0);
  }

  /** `keep`: leaves the data and the logs where they are. */
  async close({ keep = false } = {}) {
    for (const end of this.#endings.reverse()) await end();
    if (!keep && this.dir !== undefined) await rm(this.dir, { recursive: true, force: true });
  }
}

/** As Promise.all, but nothing is still going on when it rejects. */
async function all(...promises) {
  const outcomes = await Promise.allSettled(promises);
  const failed = outcomes.find(({ status }) => status === "rejected");
  if (failed !== undefined) throw failed.reason;
  return outcomes.map(({ value }) => value);
}

/** A process each, with the ports it will have. */
async function placesOf(parts) {
  const places = [];
  for (const { role, services, count = 1 } of parts) {
    for (let number = 1; number <= count; number++) {
      const ports = { port: await freePort(), internalPort: await freePort() };
      places.push({ name: `${role}-${number}`, role, services, ...ports });
    }
  }
  return places;
}

/** Who calls a service finds it in the first process that hosts it. */
function infraOf(places, pubsub) {
  const addresses = places
    .toReversed()
    .flatMap(({ services, internalPort }) =>
      services.map((service) => [service, { base_url: `http://127.0.0.1:${internalPort}` }]),
    );
  return {
    auth: [{ type: "key", id: 1, key: "a key of at least sixteen characters" }],
    service_discovery: Object.fromEntries(addresses),
    pubsub: [pubsub],
  };
}
