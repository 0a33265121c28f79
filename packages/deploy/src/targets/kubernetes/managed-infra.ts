// Setting `infra`: where managed servers are, in the words of infra.json, as `terraform output -json kubernetes_settings` gives it. Of it a process
// gets what it uses.
import { DeployError } from "../../deploy-error.ts";
import { type Deployment, edgesOf, usesTopics } from "../../deployment/deployment.ts";
import { usedTopics } from "../../deployment/topic-uses.ts";
import type { Json } from "../../deployment/unit-infra.ts";
import type { SettingValue } from "../../target.ts";

type JsonObject = { readonly [key: string]: Json };

export interface ManagedInfra {
  /** The one server of all databases: `host`, `tls_config`. */
  readonly sql_servers?: readonly [JsonObject];
  readonly pubsub?: readonly [JsonObject];
  /** By cluster. */
  readonly redis?: Readonly<Record<string, JsonObject>>;
  /** The one store of all buckets. */
  readonly object_storage?: readonly [JsonObject];
}

/** Says what is wrong with a value. */
export function managedInfra(value: SettingValue): string | undefined {
  for (const [key, entry] of Object.entries(value)) {
    if (key === "redis") {
      if (!isObject(entry) || !Object.values(entry).every(hasHost))
        return 'must have {"host": ...} by cluster in redis';
    } else if (Object.hasOwn(lists, key)) {
      const isRight = Array.isArray(entry) && entry.length === 1 && lists[key]!(entry[0]);
      if (!isRight) return `must have a list of one entry in ${key}, as infra.json has it`;
    } else return `has no "${key}": sql_servers, pubsub, redis and object_storage can be there`;
  }
  return undefined;
}

/** Throws DeployError `setting_invalid` where it lacks something that the app has: it was made for an older version. */
export function refuseGaps(deployment: Deployment, infra: ManagedInfra): void {
  const gaps = [
    ...missingIn("redis", infra.redis, namesOf(deployment.caches)),
    ...missingIn("object_storage[0].buckets", infra.object_storage?.[0]["buckets"], namesOf(deployment.buckets)),
    ...missingTopics(deployment, infra.pubsub?.[0]["topics"]),
  ];
  if (gaps.length === 0) return;
  throw new DeployError(
    "setting_invalid",
    `deploy.kubernetes.infra was made for another version of the app:\n${gaps.join("\n")}`,
    "Make it anew: `tenon deploy terraform`, `terraform apply`, `terraform output -json kubernetes_settings`.",
  );
}

/** The entry of `pubsub` of one process: where topics are named, its own. */
export function pubsubOf(deployment: Deployment, unit: string, entry: JsonObject): JsonObject {
  const { topics } = entry;
  if (!isObject(topics)) return entry;
  const own = usedTopics(deployment, unit).map(({ topic, subscriptions }) => {
    const place = topics[topic.name] as JsonObject;
    const all = place["subscriptions"] as JsonObject;
    const taken = subscriptions.map(({ name }) => [name, all[name]!] as const);
    return [topic.name, { ...place, subscriptions: Object.fromEntries(taken) }] as const;
  });
  return { ...entry, topics: Object.fromEntries(own) };
}

export function objectStorageOf(buckets: readonly string[], entry: JsonObject): JsonObject {
  const all = entry["buckets"] as JsonObject;
  return { ...entry, buckets: Object.fromEntries(buckets.map((name) => [name, all[name]!])) };
}

/** Keys of the app's Secret that the places of a process name: {"$env": ...}. */
export function secretsIn(
  deployment: Deployment,
  unit: string,
  { pubsub, redis, object_storage: stores }: ManagedInfra,
): string[] {
  const caches = edgesOf(deployment, unit, "cache").map(({ cache }) => redis?.[cache] ?? null);
  const store = edgesOf(deployment, unit, "bucket").length > 0 ? (stores?.[0] ?? null) : null;
  const broker = usesTopics(deployment, unit) ? (pubsub?.[0] ?? null) : null;
  return [...caches, store, broker].flatMap(variablesIn);
}

function variablesIn(value: Json): string[] {
  if (typeof value !== "object" || value === null) return [];
  const name = isObject(value) ? value["$env"] : undefined;
  return typeof name === "string" ? [name] : Object.values(value).flatMap(variablesIn);
}

function missingTopics({ topics }: Deployment, places: Json | undefined): string[] {
  if (!isObject(places)) return [];
  return topics.flatMap(({ name, subscriptions }) => {
    const place = places[name];
    if (!isObject(place)) return [`pubsub[0].topics has no "${name}"`];
    return missingIn(`pubsub[0].topics.${name}.subscriptions`, place["subscriptions"] ?? {}, namesOf(subscriptions));
  });
}

/** `places` undefined: they are somewhere else. */
function missingIn(at: string, places: unknown, names: readonly string[]): string[] {
  if (places === undefined) return [];
  return names
    .filter((name) => !isObject(places) || !Object.hasOwn(places, name))
    .map((name) => `${at} has no "${name}"`);
}

const lists: Readonly<Record<string, (entry: unknown) => boolean>> = {
  sql_servers: hasHost,
  pubsub: (entry) => isObject(entry) && typeof entry["type"] === "string",
  object_storage: (entry) => isObject(entry) && typeof entry["type"] === "string" && isObject(entry["buckets"]),
};

function hasHost(entry: unknown): boolean {
  return isObject(entry) && typeof entry["host"] === "string";
}

function isObject(value: unknown): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function namesOf(all: readonly { readonly name: string }[]): readonly string[] {
  return all.map(({ name }) => name);
}
