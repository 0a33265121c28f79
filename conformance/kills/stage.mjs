// The app of a run with its history: publishers, a relay and consumers over a database server and an engine that can all be killed.
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Deployment } from "./deployment.mjs";
import { History } from "./history.mjs";

/** The relay is a publisher that no client talks to: it stands by, and relays whenever the others do not. */
const parts = [
  { role: "publisher", services: ["source"], count: 2 },
  { role: "relay", services: ["source"] },
  { role: "consumer", services: ["sink"], count: 2 },
];

/** What the app of a run does, for the checker. */
export const duties = [
  { topic: "notes", subscription: "notes/read" },
  { topic: "moves", subscription: "moves/follow", isOrdered: true },
  {
    topic: "payments",
    subscription: "payments/book",
    isOrdered: true,
    effect: "bookings",
    publishedWith: "intents",
  },
  { topic: "receipts", subscription: "receipts/file", effect: "receipts", causedBy: "bookings" },
];

const databaseOf = { intents: "source", receipts: "source", bookings: "sink" };

export class Stage {
  #dir;
  /** @type {Deployment} */
  deployment;
  /** @type {History} */
  history;

  /** @param {Pick<import("./deployment.mjs").Options, "engine" | "pubsub">} options */
  static async open({ engine, pubsub }) {
    const stage = new Stage();
    stage.#dir = await mkdtemp(join(tmpdir(), "tenon-kills-"));
    stage.history = new History(join(stage.#dir, "history.jsonl"));
    try {
      stage.deployment = await Deployment.open({
        app: "conformance/apps/kills",
        databases: ["source", "sink"],
        parts,
        engine,
        environment: { TENON_KILLS_HISTORY: stage.history.file },
        ...(pubsub === undefined ? {} : { pubsub }),
      });
      return stage;
    } catch (error) {
      await stage.close();
      throw error;
    }
  }

  get publishers() {
    return this.deployment.players.filter(({ role }) => role === "publisher").map(({ address }) => address);
  }

  get victims() {
    return this.deployment.victims;
  }

  /** Where history and logs are. */
  get dirs() {
    return [this.#dir, this.deployment.dir];
  }

  /** Rows whose token begins so, in the order in which they were written. */
  rowsOf(table, prefix) {
    const sql = `SELECT token FROM ${table} WHERE starts_with(token, $1) ORDER BY place`;
    return this.deployment.query(databaseOf[table], sql, [prefix]);
  }

  /** Tokens of all rounds with more than one row. */
  async doubled() {
    const sql = (table) => `SELECT token FROM ${table} GROUP BY token HAVING count(*) > 1`;
    const found = await Promise.all(
      ["bookings", "receipts"].map((table) => this.deployment.query(databaseOf[table], sql(table))),
    );
    return found.flat().map(({ token }) => token);
  }

  /** `keep`: leaves histories and logs where they are. */
  async close({ keep = false } = {}) {
    await this.deployment?.close({ keep });
    this.history.close();
    if (!keep) await rm(this.#dir, { recursive: true, force: true });
  }
}
