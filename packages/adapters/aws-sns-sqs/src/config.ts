// Which SNS topics and SQS queues carry the topics of the app, as infra.json says it. All of them are there already: nothing is made here.
import { EngineCannot } from "@tenon/runtime/engine";

export interface AwsEngineConfig {
  /** By name of the app's topic. */
  readonly topics: Readonly<Record<string, TopicPlace>>;
  /** Of an emulator, for all requests. Default: Amazon's, of the region that each ARN and URL names. */
  readonly endpoint?: string;
  /** How long a queue holds a request until there is a message. Default: 20. */
  readonly waitSeconds?: number;
}

export interface TopicPlace {
  /** Of the SNS topic. */
  readonly arn: string;
  /** By name of the app's subscription. */
  readonly subscriptions: Readonly<Record<string, QueuePlace>>;
}

export interface QueuePlace {
  /** Of the SQS queue that is subscribed to the topic. */
  readonly url: string;
  /** Of the queue for its dead letters. Default: the one that its redrive policy names. */
  readonly deadLetterUrl?: string;
}

export const engineName = "aws_sns_sqs";

export function cannot(declared: string, lacking: string): EngineCannot {
  return new EngineCannot(engineName, declared, lacking);
}

/** Of a topic's ARN or a queue's URL. */
export function isFifo(place: string): boolean {
  return place.endsWith(".fifo");
}

export function regionOfTopic({ arn }: TopicPlace): string {
  return arn.split(":")[3] ?? "";
}

/** As its host says; emulators' hosts name none, and their queues are where the topic is. */
export function regionOfQueue(url: string, topic: TopicPlace): string {
  const host = URL.canParse(url) ? new URL(url).hostname : "";
  const [, region, legacy] = /(?:^|\.)sqs(?:-fips)?\.([a-z0-9-]+)\.|^([a-z0-9-]+)\.queue\./.exec(host) ?? [];
  return region ?? legacy ?? regionOfTopic(topic);
}

/** The queue of an ARN, beside another one of its region: "arn:aws:sqs:eu-central-1:123:dead" -> ".../123/dead". */
export function queueBeside(url: string, arn: string): string {
  const [account, name] = arn.split(":").slice(4);
  return new URL(`/${account}/${name}`, url).href;
}
