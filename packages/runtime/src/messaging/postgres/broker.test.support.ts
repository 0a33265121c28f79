// For this folder's tests: brokers over one real server, subscriptions with short times, and a look into the tables.
import type { TestContext } from "node:test";
import pg from "pg";
import { newDatabase, type TestServer } from "../../data/server.test.support.ts";
import type { Broker, Burial, Consumer, Delivery, Outcome, SubscriptionSpec } from "../broker.ts";
import { createPostgresBroker } from "./postgres-broker.ts";

export { messageOf, numberOf, traceparent } from "../engine-suite/places.ts";

export function subscriptionOf(changes: Partial<SubscriptionSpec> = {}): SubscriptionSpec {
  return {
    topic: "orders",
    name: "mail",
    isOrdered: false,
    filter: null,
    maxConcurrency: 10,
    ackDeadlineMs: 30_000,
    messageRetentionMs: 60_000,
    retryPolicy: { minBackoffMs: 10, maxBackoffMs: 20, maxRetries: 2 },
    ...changes,
  };
}

/** Consumes with these two. */
export function consume(
  broker: Broker,
  subscription: SubscriptionSpec,
  deliver: (delivery: Delivery) => Promise<Outcome>,
  bury: (burial: Burial) => Promise<void> = async () => {},
): Consumer {
  return broker.consume(subscription, { deliver, bury });
}

export class TestDatabase {
  readonly connectionString: string;
  readonly #context: TestContext;

  constructor(connectionString: string, context: TestContext) {
    this.connectionString = connectionString;
    this.#context = context;
  }

  static async create(server: TestServer, context: TestContext): Promise<TestDatabase> {
    return new TestDatabase(await newDatabase(server), context);
  }

  /** A broker that knows subscriptions of one topic, as a process of its own would have it. */
  async broker(subscription: SubscriptionSpec, ...others: SubscriptionSpec[]): Promise<Broker> {
    const broker = createPostgresBroker(this.connectionString);
    this.#context.after(() => broker.close());
    const { topic, isOrdered } = subscription;
    await broker.declare([
      { name: topic, isOrdered, deliveryGuarantee: "at-least-once", subscriptions: [subscription, ...others] },
    ]);
    return broker;
  }

  async rows<Row extends pg.QueryResultRow>(sql: string): Promise<Row[]> {
    const client = new pg.Client({ connectionString: this.connectionString });
    await client.connect();
    try {
      return (await client.query<Row>(sql)).rows;
    } finally {
      await client.end();
    }
  }

  async waiting(): Promise<number> {
    const [row] = await this.rows<{ count: number }>("SELECT count(*)::int AS count FROM tenon_messages.delivery");
    return row!.count;
  }

  deadLetters(): Promise<{ message_id: string; attempts: number; reason: string }[]> {
    return this.rows("SELECT message_id, attempts, reason FROM tenon_messages.dead_letter ORDER BY id");
  }
}

/** Asks again and again; what never becomes true fails the test. */
export async function until(what: string, check: () => boolean | Promise<boolean>): Promise<void> {
  for (let attempt = 0; attempt < 1_000; attempt++) {
    if (await check()) return;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  throw new Error(`never: ${what}`);
}

/** A delivery whose outcome the test decides, when it likes. */
export class Gate {
  readonly outcome: Promise<Outcome>;
  #resolve: (outcome: Outcome) => void = () => {};

  constructor() {
    this.outcome = new Promise((resolve) => {
      this.#resolve = resolve;
    });
  }

  open(): void {
    this.#resolve({ kind: "handled" });
  }
}
