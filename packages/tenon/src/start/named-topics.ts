// Some engines find a topic and its subscriptions by names that infra.json gives them: those that it names, and which of those that a
// process uses it does not.
import type { Service, Topic } from "@tenon/model";
import type { MessagingConfig } from "@tenon/runtime";
import { isObject, type Settings } from "./infra-values.ts";
import type { Missing } from "./missing.ts";

/** Their packages; `topics` of another engine's settings is that engine's own affair. */
const engines: ReadonlySet<string> = new Set(["@tenon/aws-sns-sqs", "@tenon/gcp-pubsub", "@tenon/nsq"]);

/** undefined: the engine makes up names by itself. */
export function namedTopics(messaging: MessagingConfig | undefined): Settings | undefined {
  if (messaging?.kind !== "engine" || !engines.has(messaging.module)) return undefined;
  const topics = messaging.settings["topics"];
  return isObject(topics) ? topics : undefined;
}

/** `topics`: those that the services have to do with. */
export function missingNames(
  messaging: MessagingConfig | undefined,
  topics: readonly Topic[],
  services: readonly Service[],
): readonly Missing[] {
  const named = namedTopics(messaging);
  if (named === undefined) return [];
  return topics.flatMap(({ name, subscriptions }) => {
    const place = ownValue(named, name);
    const where = `pubsub[0].topics.${name}`;
    const ours = subscriptions.filter(({ service }) => services.some((one) => one.name === service));
    const missing = ours
      .filter((subscription) => ownValue(ownValue(place, "subscriptions"), subscription.name) === undefined)
      .map((subscription) => ({
        what: `subscription "${name}/${subscription.name}"`,
        where: `${where}.subscriptions.${subscription.name}`,
      }));
    return place === undefined ? [{ what: `topic "${name}"`, where }, ...missing] : missing;
  });
}

function ownValue(value: unknown, key: string): unknown {
  return isObject(value) && Object.hasOwn(value, key) ? value[key] : undefined;
}
