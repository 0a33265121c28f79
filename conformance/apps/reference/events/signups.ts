// Messages, and the endpoint that a cron job calls.
import { api } from "encore.dev/api";
import { CronJob, type CronJobConfig } from "encore.dev/cron";
import { currentRequest, type PubSubMessageMeta } from "encore.dev";
import {
  type Attribute,
  type AttributesOf,
  type DeliveryGuarantee,
  type DurationString,
  type Publisher,
  type RetryPolicy,
  Subscription,
  type SubscriptionConfig,
  Topic,
  type TopicConfig,
  type TopicPerms,
} from "encore.dev/pubsub";

export interface Signup {
  user: Attribute<string>;
  at: Date;
  failures: number;
}

const attribute: AttributesOf<Signup> = "user";
const guarantee: DeliveryGuarantee = "at-least-once";
const topicConfig: TopicConfig<Signup> = { deliveryGuarantee: guarantee, orderingAttribute: attribute };
const wait: DurationString = "50ms";
const retry: RetryPolicy = { minBackoff: wait, maxBackoff: "1s", maxRetries: 3 };

export const signups = new Topic<Signup>("signups", {
  deliveryGuarantee: "at-least-once",
  orderingAttribute: "user",
});

const publisher: Publisher<Signup> = signups.ref<Publisher<Signup>>();
const permission: TopicPerms = publisher;

interface Seen {
  user: string;
  at: string;
  attempt: number;
  service: string;
  topic: string;
  subscription: string;
  hasId: boolean;
}

const seen: Seen[] = [];
let ticks = 0;

const handler: SubscriptionConfig<Signup>["handler"] = async (message) => {
  const meta = currentRequest() as PubSubMessageMeta;
  if (meta.deliveryAttempt <= message.failures) throw new Error("not yet");
  seen.push({
    user: message.user,
    at: message.at.toISOString(),
    attempt: meta.deliveryAttempt,
    service: meta.service,
    topic: meta.topic,
    subscription: meta.subscription,
    hasId: meta.messageId.length > 0,
  });
};

const _ = new Subscription(signups, "welcome", {
  handler,
  maxConcurrency: 5,
  ackDeadline: "10s",
  messageRetention: "24h",
  retryPolicy: { minBackoff: "50ms", maxBackoff: "1s", maxRetries: 3 },
});

export const signup = api(
  { path: "/signups", expose: true },
  async ({ user, failures }: { user: string; failures: number }): Promise<{ hasId: boolean; declared: boolean }> => {
    const id = await publisher.publish({ user, failures, at: new Date(Date.UTC(2026, 0, 2)) });
    const declared = permission === publisher && topicConfig.orderingAttribute === "user" && retry.maxRetries === 3;
    return { hasId: id.length > 0, declared };
  },
);

export const tick = api({}, async (): Promise<void> => {
  ticks++;
});

const hourly: CronJobConfig = { title: "Every hour", every: "1h", endpoint: tick };

const _hourly = new CronJob("hourly", { title: "Every hour", every: "1h", endpoint: tick });
const _yearly = new CronJob("yearly", { schedule: "0 4 1 1 *", endpoint: tick });

export const state = api(
  { method: "GET", path: "/state", expose: true },
  async (): Promise<{ seen: Seen[]; ticks: number; title: string | undefined }> => ({
    seen,
    ticks,
    title: hourly.title,
  }),
);
