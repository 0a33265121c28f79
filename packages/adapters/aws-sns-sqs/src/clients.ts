// The clients of a process: one of each service for each region. Who asks is found by the SDK itself (environment, profiles, ECS, EKS,
// Lambda, EC2).
import { SNSClient } from "@aws-sdk/client-sns";
import { SQSClient } from "@aws-sdk/client-sqs";
import { type AwsEngineConfig, regionOfQueue, regionOfTopic, type TopicPlace } from "./config.ts";

const connectionTimeoutMs = 5_000;
/** Longer than a queue holds a request. */
const requestTimeoutMs = 40_000;
/** Each request that a queue holds has one. */
const mostSockets = 500;

export class Clients {
  readonly #config: AwsEngineConfig;
  readonly #topics = new Map<string, SNSClient>();
  readonly #queues = new Map<string, SQSClient>();

  constructor(config: AwsEngineConfig) {
    this.#config = config;
  }

  ofTopic(topic: TopicPlace): SNSClient {
    const region = regionOfTopic(topic);
    const client = this.#topics.get(region) ?? new SNSClient(this.#options(region));
    this.#topics.set(region, client);
    return client;
  }

  /** `topic`: which the queue is for. */
  ofQueue(url: string, topic: TopicPlace): SQSClient {
    const region = regionOfQueue(url, topic);
    const client = this.#queues.get(region) ?? new SQSClient(this.#options(region));
    this.#queues.set(region, client);
    return client;
  }

  close(): void {
    for (const client of [...this.#topics.values(), ...this.#queues.values()]) client.destroy();
  }

  #options(region: string) {
    const { endpoint } = this.#config;
    const agent = { keepAlive: true, maxSockets: mostSockets };
    return {
      region,
      ...(endpoint === undefined ? {} : { endpoint, useQueueUrlAsEndpoint: false }),
      requestHandler: {
        connectionTimeout: connectionTimeoutMs,
        requestTimeout: requestTimeoutMs,
        httpAgent: agent,
        httpsAgent: agent,
      },
    };
  }
}
