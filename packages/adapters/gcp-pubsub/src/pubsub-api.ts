// The few calls of Pub/Sub's REST API (v1) that an engine makes: publish, pull, acknowledge, change a deadline, look at a subscription.
import type { PubsubMessage } from "@tenon/runtime/engine";
import type { GcpPubsubConfig } from "./config.ts";
import { RestClient } from "./rest-client.ts";

const defaultEndpoint = "https://pubsub.googleapis.com";
const scope = "https://www.googleapis.com/auth/pubsub";
/** The service keeps a pull open for up to 90 seconds, until there is a message. */
const pullTimeoutMs = 120_000;

/** As it is published: id and time are the service's. */
export type NewMessage = Pick<PubsubMessage, "data" | "attributes" | "orderingKey">;

export interface ReceivedMessage {
  readonly ackId: string;
  readonly message: PubsubMessage;
  /** 1 for the first; only of subscriptions with a dead letter policy. */
  readonly deliveryAttempt?: number;
}

export interface SubscriptionFacts {
  /** Of its topic: "projects/p/topics/t". */
  readonly topic: string;
  readonly enableMessageOrdering?: boolean;
  readonly pushConfig?: { readonly pushEndpoint?: string };
  /** "604800s" */
  readonly messageRetentionDuration?: string;
  readonly deadLetterPolicy?: { readonly deadLetterTopic?: string; readonly maxDeliveryAttempts?: number };
}

export interface PullOptions {
  readonly signal?: AbortSignal;
  /** Answers although there is nothing. */
  readonly isImmediate?: boolean;
}

/** Topics and subscriptions by their whole names: "projects/p/topics/t". All throw what RestClient throws. */
export class PubsubApi {
  readonly #client: RestClient;

  constructor({ endpoint }: GcpPubsubConfig) {
    const emulator = process.env["PUBSUB_EMULATOR_HOST"];
    const fallback = emulator === undefined || emulator === "" ? defaultEndpoint : `http://${emulator}`;
    this.#client = new RestClient(endpoint ?? fallback, scope);
  }

  async publish(topic: string, messages: readonly NewMessage[]): Promise<void> {
    await this.#client.request("POST", `/v1/${topic}:publish`, { body: { messages } });
  }

  async pull(
    subscription: string,
    maxMessages: number,
    { signal, isImmediate }: PullOptions,
  ): Promise<ReceivedMessage[]> {
    const body = { maxMessages, ...(isImmediate === true ? { returnImmediately: true } : {}) };
    const { receivedMessages = [] } = await this.#client.request<{ receivedMessages?: ReceivedMessage[] }>(
      "POST",
      `/v1/${subscription}:pull`,
      { body, timeoutMs: pullTimeoutMs, ...(signal === undefined ? {} : { signal }) },
    );
    return receivedMessages;
  }

  async acknowledge(subscription: string, ackIds: readonly string[]): Promise<void> {
    await this.#client.request("POST", `/v1/${subscription}:acknowledge`, { body: { ackIds } });
  }

  /** 0: it is for somebody else at once. */
  async modifyAckDeadline(subscription: string, ackIds: readonly string[], ackDeadlineSeconds: number): Promise<void> {
    await this.#client.request("POST", `/v1/${subscription}:modifyAckDeadline`, {
      body: { ackIds, ackDeadlineSeconds },
    });
  }

  async factsOf(subscription: string): Promise<SubscriptionFacts> {
    return this.#client.request("GET", `/v1/${subscription}`);
  }
}
