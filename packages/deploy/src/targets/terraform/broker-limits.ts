// What a broker of the cloud cannot keep is refused when the files are written, not when a process starts with them.
import { DeployError } from "../../deploy-error.ts";
import type { Topic } from "../../deployment/topic-uses.ts";

export interface RetentionLimit {
  /** Of the service: "SQS". */
  readonly name: string;
  readonly mostMs: number;
  /** In words: "14 days". */
  readonly unit: string;
}

const usePostgres = 'Or leave out "broker": PostgreSQL then keeps the messages.';
/** Of `var.name`, and the dash behind it. */
const prefixLength = 21;

/** `service`: "SQS". Throws DeployError `target_unable`. */
export function refuseExactlyOnce(topics: readonly Topic[], service: string): void {
  const names = topics.filter((topic) => topic.deliveryGuarantee === "exactly-once").map(({ name }) => name);
  if (names.length === 0) return;
  throw new DeployError(
    "target_unable",
    `${service} delivers a message at least once, and ${names.join(", ")} ${names.length === 1 ? "is" : "are"} declared exactly-once`,
    `Declare at-least-once, and give subscriptions a database where each message has to count once. ${usePostgres}`,
  );
}

/** Throws DeployError `target_unable`. */
export function refuseLongRetention(topics: readonly Topic[], { name, mostMs, unit }: RetentionLimit): void {
  const long = topics.flatMap((topic) =>
    topic.subscriptions
      // It has to be there still for the attempt after the longest pause.
      .filter(({ messageRetentionMs, retryPolicy }) => messageRetentionMs + retryPolicy.maxBackoffMs > mostMs)
      .map((subscription) => `${topic.name}/${subscription.name}`),
  );
  if (long.length === 0) return;
  throw new DeployError(
    "target_unable",
    `${name} keeps messages for ${unit} at most, and messageRetention with the longest backoff of ${long.join(", ")} is more`,
    `Shorten it. ${usePostgres}`,
  );
}

/** `most`: characters of the cloud's names beside what it adds to them. Throws DeployError `name_not_deployable`. */
export function refuseLongNames(topics: readonly Topic[], most: number): void {
  const names = topics.flatMap((topic) => [
    topic.name,
    ...topic.subscriptions.map((subscription) => `${topic.name}-${subscription.name}`),
  ]);
  const long = names.find((name) => prefixLength + name.length > most);
  if (long === undefined) return;
  throw new DeployError(
    "name_not_deployable",
    `"${long}" is too long for the name of a queue: ${most - prefixLength} characters beside the app's name`,
    `Name the topic or the subscription shorter. ${usePostgres}`,
  );
}
