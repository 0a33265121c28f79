// What the tests of an engine work with: places where nothing is yet, brokers as processes of their own would have them, messages whose
// numbers one can follow, and handlers that write down what they were given.
import assert from "node:assert/strict";
import type { TestContext } from "node:test";
import type { TopicControl } from "@tenon/model";
import type {
  Broker,
  BrokerAdapter,
  Burial,
  Consumer,
  Delivery,
  Outcome,
  OutgoingMessage,
  Receiver,
  SubscriptionSpec,
  TopicSpec,
} from "../broker.ts";

/**
 * Promises that servers of somebody else's may be unable to keep. Of one that an engine says so of, the suite tests that it is refused with
 * EngineCannot. The two about interruptions nothing could refuse: there the suite tests that each counts as one attempt, and no more.
 */
export type Promised =
  | "order"
  | "order-changes"
  | "repeats"
  | "delays"
  | "large-messages"
  | "exactly-once"
  | "uncounted-interruptions"
  | "uncounted-ordered-interruptions";

export interface EngineUnderTest {
  readonly name: string;
  readonly adapter: BrokerAdapter;
  /** Settings of a place of its own, empty, for each test: a database, a prefix. */
  newPlace(): Promise<unknown>;
  /** What it cannot do. Default: nothing. */
  readonly cannot?: readonly Promised[];
  /**
   * For engines that find their topics and subscriptions there: makes those of the topic that are missing in the place. Called before a
   * broker is made that declares them.
   */
  prepare?(place: unknown, topic: TopicSpec): Promise<void>;
  /**
   * Makes it look as if the subscription of the topic had been seen by nobody for longer than `unseenMs`. Without it nothing tests that
   * it is retired then.
   */
  unsee?(place: unknown, topic: string, subscription: string): Promise<void>;
  /** For the tests that kill it; without it they do not run. */
  readonly server?: ServerUnderTest;
  /** Why nothing can be tested here. */
  readonly skip?: string | false;
}

export interface ServerUnderTest {
  /** Ends it at once, as a crash does. */
  kill(): Promise<void>;
  /** On the same data, at the same address. */
  restart(): Promise<void>;
}

export const handled: Outcome = { kind: "handled" };
export const traceparent = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";

export class Places {
  readonly #engine: EngineUnderTest;

  constructor(engine: EngineUnderTest) {
    this.#engine = engine;
  }

  get canUnsee(): boolean {
    return this.#engine.unsee !== undefined;
  }

  cannot(promised: Promised): boolean {
    return this.#engine.cannot?.includes(promised) === true;
  }

  /** With and without order, as far as the engine has one. */
  get orders(): readonly boolean[] {
    return this.cannot("order") ? [false] : [false, true];
  }

  async open(context: TestContext): Promise<Place> {
    return new Place(this.#engine, await this.#engine.newPlace(), context);
  }
}

export class Place {
  readonly control: TopicControl;
  readonly #engine: EngineUnderTest;
  readonly #settings: unknown;
  readonly #context: TestContext;

  constructor(engine: EngineUnderTest, settings: unknown, context: TestContext) {
    this.#engine = engine;
    this.#settings = settings;
    this.#context = context;
    this.control = engine.adapter.createTopicControl(settings);
  }

  /** A broker that knows the subscriptions, which are all of one topic, as a process of its own would have it. */
  broker(...subscriptions: SubscriptionSpec[]): Promise<Broker> {
    const { topic, isOrdered } = subscriptions[0] ?? subscriptionOf();
    return this.brokerOf({ name: topic, isOrdered, deliveryGuarantee: "at-least-once", subscriptions });
  }

  async brokerOf(topic: TopicSpec): Promise<Broker> {
    await this.#engine.prepare?.(this.#settings, topic);
    const broker = this.#engine.adapter.createBroker(this.#settings);
    this.#context.after(() => broker.close());
    await broker.declare([topic]);
    return broker;
  }

  /** Consumes until the test ends. `handle` gives the outcome of each delivery; without it all are handled. */
  consume(
    broker: Broker,
    subscription: SubscriptionSpec,
    handle?: (delivery: Delivery) => Outcome | Promise<Outcome>,
  ): Seen {
    const seen = new Seen(handle ?? (() => handled));
    const consumer = broker.consume(subscription, seen);
    seen.consumer = consumer;
    this.#context.after(() => consumer.stop(1_000));
    return seen;
  }

  /** As if nobody had had it in its code for long. */
  async unsee(subscription: string): Promise<void> {
    await this.#engine.unsee?.(this.#settings, "orders", subscription);
  }

  async backlog(subscription = "mail"): Promise<number> {
    const state = (await this.control.states()).find((one) => one.subscription === subscription);
    assert.ok(state !== undefined, `the subscription ${subscription} is not known`);
    return state.backlog;
  }

  async untilEmpty(subscription = "mail"): Promise<void> {
    await until("nothing left", async () => (await this.backlog(subscription)) === 0);
  }

  async deadLetters(): Promise<{ n: number; attempts: number; reason: string }[]> {
    const letters = await this.control.deadLetters("orders", "mail", { limit: 1_000 });
    return letters.map(({ message, attempts, reason }) => ({ n: (message as { n: number }).n, attempts, reason }));
  }
}

/** A receiver that writes down what it was given. */
export class Seen implements Receiver {
  readonly deliveries: Delivery[] = [];
  readonly burials: Burial[] = [];
  consumer: Consumer | undefined;
  readonly #handle: (delivery: Delivery) => Outcome | Promise<Outcome>;

  constructor(handle: (delivery: Delivery) => Outcome | Promise<Outcome>) {
    this.#handle = handle;
  }

  async deliver(delivery: Delivery): Promise<Outcome> {
    this.deliveries.push(delivery);
    return await this.#handle(delivery);
  }

  async bury(burial: Burial): Promise<void> {
    this.burials.push(burial);
  }

  get numbers(): number[] {
    return this.deliveries.map(numberOf);
  }

  /** Of the deliveries of one message. */
  attemptsOf(n: number): number[] {
    return this.deliveries.filter((one) => numberOf(one) === n).map(({ attempt }) => attempt);
  }

  async until(count: number): Promise<void> {
    await until(`${count} deliveries`, () => this.deliveries.length >= count);
  }

  async stop(timeoutMs = 60_000): Promise<void> {
    await this.consumer?.stop(timeoutMs);
  }
}

export function subscriptionOf(changes: Partial<SubscriptionSpec> = {}): SubscriptionSpec {
  return {
    topic: "orders",
    name: "mail",
    isOrdered: false,
    filter: null,
    maxConcurrency: 10,
    ackDeadlineMs: 30_000,
    messageRetentionMs: 600_000,
    retryPolicy: { minBackoffMs: 10, maxBackoffMs: 20, maxRetries: 2 },
    ...changes,
  };
}

export function messageOf(
  n: number,
  orderingKey: string | null = null,
  changes: Partial<OutgoingMessage> = {},
): OutgoingMessage {
  return {
    id: `00000000-0000-4000-8000-${String(n).padStart(12, "0")}`,
    payload: JSON.stringify({ n }),
    attributes: {},
    orderingKey,
    traceparent,
    deliverAt: null,
    mayBeRepeat: false,
    ...changes,
  };
}

export function messagesOf(count: number, orderingKey: string | null = null): OutgoingMessage[] {
  return Array.from({ length: count }, (_, n) => messageOf(n, orderingKey));
}

/** n of a delivery's payload. */
export function numberOf({ payload }: { readonly payload: string }): number {
  return (JSON.parse(payload) as { n: number }).n;
}

/** Asks again and again; what does not become true within a minute fails the test. */
export async function until(what: string, check: () => boolean | Promise<boolean>): Promise<void> {
  const deadlineAt = Date.now() + 60_000;
  while (!(await check())) {
    if (Date.now() > deadlineAt) throw new Error(`never: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

/** An outcome that the test gives when it likes. */
export class Gate {
  readonly outcome: Promise<Outcome>;
  #resolve: (outcome: Outcome) => void = () => {};

  constructor() {
    this.outcome = new Promise((resolve) => {
      this.#resolve = resolve;
    });
  }

  open(): void {
    this.#resolve(handled);
  }
}

/** As EngineCannot is told from other errors: the package of an engine may have a copy of the class of its own. */
export const engineCannot = { code: "engine_cannot" } as const;

export function ascending(numbers: Iterable<number>): number[] {
  return [...numbers].sort((a, b) => a - b);
}
