// Some engines find a topic and its subscriptions by names that infra.json gives them: which of those that a process uses are not in it.
import type { Service, Topic } from "@tenon/model";
import type { EngineConfig } from "@tenon/runtime";
import { isObject } from "./infra-values.ts";
import type { Missing } from "./missing.ts";

/** `topics`: those that the services have to do with. None are missing where the engine makes up names by itself. */
export function missingNames(
  { settings }: EngineConfig,
  topics: readonly Topic[],
  services: readonly Service[],
): readonly Missing[] {
  const named = settings["topics"];
  if (!isObject(named)) return [];
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
