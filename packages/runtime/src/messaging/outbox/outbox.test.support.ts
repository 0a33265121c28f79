// For the tests of outbox and inbox: a real database with their tables, topics to publish to, and a broker that remembers what it was given
// and does what a test tells it.
import type { TestContext } from "node:test";
import type { Codec, Topic as GraphTopic } from "@tenon/model";
import pg from "pg";
import { closeDatabases, configureDatabases } from "../../data/configure-databases.ts";
import { newDatabase, type TestServer } from "../../data/server.test.support.ts";
import { SQLDatabase } from "../../data/sql-database.ts";
import type { Broker, OutgoingMessage } from "../broker.ts";
import { installMessaging } from "../messaging.ts";
import { Topic } from "../topic.ts";
import { installOutbox, removeOutbox } from "./outboxes.ts";
import { createOutboxTables } from "./outbox-tables.ts";
import { Relay } from "./relay.ts";

export interface Order {
  readonly id: string;
  readonly customer: string;
}

const asIs: Codec = { decode: (wire) => wire, encode: (value) => value, copy: (value) => value };

export const placed = new Topic<Order>("placed", { deliveryGuarantee: "at-least-once" });
export const moved = new Topic<Order>("moved", { deliveryGuarantee: "at-least-once" });

function graphTopic(name: string, ordering: { readonly orderingAttribute?: string } = {}): GraphTopic {
  return {
    name,
    message: { kind: "object", properties: [] },
    deliveryGuarantee: "at-least-once",
    ...ordering,
    attributes: ["customer"],
    publishers: [],
    subscriptions: [],
    location: { file: "test.ts", line: 1, column: 1 },
  };
}

export interface Published {
  readonly topic: string;
  readonly messages: readonly OutgoingMessage[];
}

/** Takes what it is given, each id once, as every engine does with what may be a repeat. */
export class ListeningBroker implements Broker {
  readonly system = "test";
  /** All that was tried. */
  readonly tried: Published[] = [];
  /** What a subscription would be given, in order. */
  readonly accepted: OutgoingMessage[] = [];
  /** Throws for what the broker does not take; what it returns is waited for. */
  onPublish: (published: Published) => unknown = () => {};

  async declare(): Promise<void> {}

  async publish(topic: string, messages: readonly OutgoingMessage[]): Promise<void> {
    this.tried.push({ topic, messages });
    await this.onPublish({ topic, messages });
    for (const message of messages) {
      if (!this.accepted.some(({ id }) => id === message.id)) this.accepted.push(message);
    }
  }

  consume(): { stop(): Promise<void> } {
    return { stop: async () => {} };
  }

  async close(): Promise<void> {}

  /** Ids of the orders that were accepted, in order. */
  get orders(): string[] {
    return this.accepted.map(({ payload }) => (JSON.parse(payload) as Order).id);
  }
}

export class OutboxBench {
  readonly connectionString: string;
  readonly broker = new ListeningBroker();
  readonly db = new SQLDatabase("orders");
  readonly #context: TestContext;

  private constructor(connectionString: string, context: TestContext) {
    this.connectionString = connectionString;
    this.#context = context;
  }

  /** A new database with the tables, and messaging in this process; one at a time. */
  static async create(server: TestServer, context: TestContext, withTables = true): Promise<OutboxBench> {
    const bench = new OutboxBench(await newDatabase(server), context);
    const { connectionString, broker } = bench;
    if (withTables) await createOutboxTables({ database: "orders", connectionString });
    configureDatabases({ orders: { connectionString, maxConnections: 40 } });
    const topics = [graphTopic("placed"), graphTopic("moved", { orderingAttribute: "customer" })];
    installMessaging({ broker, topics: new Map(topics.map((topic) => [topic.name, { topic, codec: asIs }])) });
    installOutbox("orders", { committed: () => undefined });
    context.after(async () => {
      removeOutbox("orders");
      installMessaging(undefined);
      await closeDatabases();
    });
    return bench;
  }

  /** Another process' relay, or this one's; it does nothing until it is told to. */
  relay(
    broker: Broker = this.broker,
    topics: readonly string[] = ["placed", "moved"],
    connectionString = this.connectionString,
  ): Relay {
    const relay = new Relay({ database: "orders", service: "orders", config: { connectionString }, broker, topics });
    this.#context.after(() => relay.stop(0));
    return relay;
  }

  async rows<Row extends pg.QueryResultRow>(sql: string, values: unknown[] = []): Promise<Row[]> {
    const client = new pg.Client({ connectionString: this.connectionString });
    await client.connect();
    try {
      return (await client.query<Row>(sql, values)).rows;
    } finally {
      await client.end();
    }
  }

  async waiting(): Promise<number> {
    const [row] = await this.rows<{ count: number }>("SELECT count(*)::int AS count FROM tenon_outbox.message");
    return row!.count;
  }

  /** Ends the relays' connections, as the end of their processes would. */
  async cutRelays(): Promise<void> {
    await this.rows(
      `SELECT pg_terminate_backend(pid) FROM pg_locks WHERE locktype = 'advisory' AND granted
         AND database = (SELECT oid FROM pg_database WHERE datname = current_database())`,
    );
  }
}

/** A promise that a test resolves when it likes. */
export class Gate {
  readonly opened: Promise<void>;
  open: () => void = () => {};

  constructor() {
    this.opened = new Promise((resolve) => {
      this.open = resolve;
    });
  }
}
