// `{"type": "aws_sns_sqs"}` of `pubsub` in infra.json: the SNS topic of each topic and the SQS queue of each subscription.
import type { InfraValues, Settings } from "./infra-values.ts";

const topicArn = /^arn:[a-z-]+:sns:[a-z0-9-]+:\d+:[\w-]+(\.fifo)?$/;
/** SQS holds a request no longer. */
const longestWaitSeconds = 20;

export function readAwsSnsSqs(engine: Settings, at: string, values: InfraValues): Settings {
  values.only(engine, ["type", "topics", "endpoint", "wait_seconds"], at);
  const waitSeconds = values.count(engine["wait_seconds"], 0, `${at}.wait_seconds`);
  if (waitSeconds !== undefined && waitSeconds > longestWaitSeconds) {
    values.problems.push(`${at}.wait_seconds must be at most ${longestWaitSeconds}, got ${waitSeconds}`);
  }
  return {
    topics: readEach(engine["topics"], `${at}.topics`, values, (topic, topicAt) => readTopic(topic, topicAt, values)),
    ...(engine["endpoint"] === undefined ? {} : { endpoint: readUrl(engine["endpoint"], `${at}.endpoint`, values) }),
    ...(waitSeconds === undefined ? {} : { waitSeconds }),
  };
}

function readTopic(topic: Settings, at: string, values: InfraValues): Settings {
  values.only(topic, ["arn", "subscriptions"], at);
  const arn = values.text(topic["arn"], `${at}.arn`);
  if (values.isKnown(arn) && !topicArn.test(arn)) {
    const example = "arn:aws:sns:eu-central-1:123456789012:orders";
    values.problems.push(`${at}.arn must be the ARN of an SNS topic, such as "${example}", got "${arn}"`);
  }
  const subscriptions = topic["subscriptions"] ?? {};
  return {
    arn,
    subscriptions: readEach(subscriptions, `${at}.subscriptions`, values, (queue, queueAt) => {
      values.only(queue, ["url", "dead_letter_url"], queueAt);
      const letters = queue["dead_letter_url"];
      return {
        url: readUrl(queue["url"], `${queueAt}.url`, values),
        ...(letters === undefined ? {} : { deadLetterUrl: readUrl(letters, `${queueAt}.dead_letter_url`, values) }),
      };
    }),
  };
}

function readEach(
  value: unknown,
  at: string,
  values: InfraValues,
  read: (item: Settings, itemAt: string) => Settings,
): Settings {
  const items = Object.entries(values.object(value, at));
  return Object.fromEntries(
    items.map(([key, item]) => [key, read(values.object(item, `${at}.${key}`), `${at}.${key}`)]),
  );
}

function readUrl(value: unknown, at: string, values: InfraValues): string {
  const url = values.text(value, at);
  if (values.isKnown(url) && !/^https?:\/\/[^/]+/.test(url)) {
    values.problems.push(
      `${at} must be a URL, such as "https://sqs.eu-central-1.amazonaws.com/123456789012/orders", got "${url}"`,
    );
  }
  return url;
}
