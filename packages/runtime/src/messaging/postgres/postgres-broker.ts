// Messages in PostgreSQL: any server will do, and nothing is lost that it has committed. Publishing is one statement; consumers are woken
// by NOTIFY and take what is due under SKIP LOCKED, so that an idle app asks nothing of the server.
import type { Broker, Consumer, OutgoingMessage, Receiver, SubscriptionSpec, TopicSpec } from "../broker.ts";
import { StaySeen } from "../engine/stay-seen.ts";
import { AcceptedIds } from "./accepted-ids.ts";
import { Connection, Connections } from "./connection.ts";
import { declareTopics } from "./declare-topics.ts";
import { LaneConsumer } from "./lane-consumer.ts";
import { Publisher } from "./publisher.ts";
import { QueueConsumer } from "./queue-consumer.ts";
import { Settler } from "./settler.ts";
import { sight } from "./sight.ts";
import { WakeUps } from "./wake-ups.ts";
import { withClient } from "./with-client.ts";

/** Statements are short, and each connection takes several at once; more connections would not make them faster. */
const consumerConnections = 3;

export function createPostgresBroker(connectionString: string): Broker {
  return new PostgresBroker(connectionString);
}

class PostgresBroker implements Broker {
  readonly system = "postgresql";
  readonly #connectionString: string;
  readonly #publishing: Connection;
  readonly #publisher: Publisher;
  readonly #consuming: Connections;
  readonly #settler: Settler;
  readonly #acceptedIds: AcceptedIds;
  readonly #wakeUps: WakeUps;
  readonly #staySeen: StaySeen;
  #topics: readonly TopicSpec[] = [];
  #ids: ReadonlyMap<string, number> = new Map();
  #isExactlyOnce = false;
  readonly #consumers: Consumer[] = [];

  constructor(connectionString: string) {
    this.#connectionString = connectionString;
    this.#publishing = new Connection({ connectionString, isDurable: () => true });
    this.#publisher = new Publisher(this.#publishing);
    // A lease or an outcome that a crash of the server undoes is a delivery more, which at-least-once allows for; waiting for the disk
    // each time would be the greater part of consuming.
    this.#consuming = new Connections(consumerConnections, {
      connectionString,
      isDurable: () => this.#isExactlyOnce,
    });
    this.#settler = new Settler(this.#consuming);
    this.#acceptedIds = new AcceptedIds(this.#consuming);
    this.#wakeUps = new WakeUps(connectionString);
    this.#staySeen = new StaySeen((sighting) =>
      withClient(connectionString, (client) => sight(client, this.#topics, this.#ids, sighting)),
    );
  }

  async declare(topics: readonly TopicSpec[]): Promise<void> {
    this.#isExactlyOnce = topics.some(({ deliveryGuarantee }) => deliveryGuarantee === "exactly-once");
    this.#ids = await declareTopics(this.#connectionString, topics);
    this.#topics = topics;
    this.#staySeen.declared();
  }

  async publish(topic: string, messages: readonly OutgoingMessage[]): Promise<void> {
    if (messages.length === 0) return;
    if (messages.some(({ mayBeRepeat }) => mayBeRepeat)) this.#acceptedIds.expect();
    await this.#publisher.publish(topic, messages);
  }

  consume(subscription: SubscriptionSpec, receiver: Receiver): Consumer {
    const id = this.#ids.get(`${subscription.topic}/${subscription.name}`);
    if (id === undefined) throw new Error(`the subscription ${subscription.name} was not declared`);
    const parts = {
      id,
      subscription,
      receiver,
      connections: this.#consuming,
      settler: this.#settler,
      wakeUps: this.#wakeUps,
    };
    const consumer = subscription.isOrdered ? new LaneConsumer(parts) : new QueueConsumer(parts);
    this.#consumers.push(consumer);
    return consumer;
  }

  async close(): Promise<void> {
    this.#staySeen.close();
    this.#acceptedIds.close();
    await Promise.all(this.#consumers.map((consumer) => consumer.stop(0)));
    this.#settler.close();
    await this.#wakeUps.close();
    await Promise.all([this.#publishing.close(), this.#consuming.close()]);
  }
}
