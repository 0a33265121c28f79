// The environment variables that the infra.json of a function asks for: what is secret and comes from the platform's store, and what is not.
import { calledUnits, type Deployment, edgesOf, type Unit } from "../../deployment/deployment.ts";
import { cachePasswordVariable, keyVariable, passwordVariable } from "../../deployment/variables.ts";
import {
  bucketVariable,
  cacheHostVariable,
  databaseHostVariable,
  messagesVariable,
  needsKey,
  type ObjectPlace,
  urlVariable,
} from "./places.ts";

export interface FunctionVariables {
  /** Sorted. */
  readonly secrets: readonly string[];
  /** Of other units that are functions: variable -> unit. */
  readonly urls: Readonly<Record<string, string>>;
  /** The user says them when deploying, the same for all functions. Sorted. */
  readonly given: readonly string[];
}

export function functionVariables(
  deployment: Deployment,
  unit: Unit,
  functions: readonly Unit[],
  cloud: ObjectPlace["cloud"],
): FunctionVariables {
  const names = <Kind extends "database" | "bucket" | "cache" | "secret">(kind: Kind) =>
    edgesOf(deployment, unit.name, kind);
  const databases = names("database").map(({ database }) => passwordVariable(database));
  const caches = names("cache").map(({ cache }) => cache);
  const publishes = deployment.edges.some(({ kind, from }) => kind === "publish" && from === unit.name);
  const called = calledUnits(deployment, unit.name).filter((name) => functions.some((one) => one.name === name));
  return {
    secrets: [
      ...(needsKey(unit, cloud) ? [keyVariable] : []),
      ...databases,
      ...caches.map(cachePasswordVariable),
      ...names("secret").map(({ secret }) => secret),
      ...(publishes ? [messagesVariable] : []),
    ].sort(),
    urls: Object.fromEntries(called.map((name) => [urlVariable(name), name])),
    given: [
      ...(databases.length > 0 ? [databaseHostVariable] : []),
      ...caches.map(cacheHostVariable),
      ...names("bucket").map(({ bucket }) => bucketVariable(bucket)),
    ].sort(),
  };
}

/** "topic/subscription" of those that a unit has, with the queue that brings their messages. */
export function queuesOf(
  deployment: Deployment,
  unit: Unit,
  queues: Readonly<Record<string, string>>,
): readonly (readonly [string, string])[] {
  return edgesOf(deployment, unit.name, "subscribe")
    .map(({ topic, subscription }) => `${topic}/${subscription}`)
    .flatMap((name) => (queues[name] === undefined ? [] : [[name, queues[name]] as const]));
}
