// Which processes of a deployment use PostgreSQL, the broker and the cache.
import { type Deployment, edgesOf, type Unit, usesTopics } from "../../deployment/deployment.ts";
import type { KubernetesSettings } from "./read-settings.ts";

export function usesPostgres(deployment: Deployment, { name }: Unit, { broker }: KubernetesSettings): boolean {
  return edgesOf(deployment, name, "database").length > 0 || (broker === "postgres" && usesTopics(deployment, name));
}

/** Names of processes. */
export function postgresUsers(deployment: Deployment, settings: KubernetesSettings): readonly string[] {
  return namesOf(deployment, (unit) => usesPostgres(deployment, unit, settings));
}

export function brokerUsers(deployment: Deployment): readonly string[] {
  return namesOf(deployment, ({ name }) => usesTopics(deployment, name));
}

export function cacheUsers(deployment: Deployment): readonly string[] {
  return namesOf(deployment, ({ name }) => edgesOf(deployment, name, "cache").length > 0);
}

function namesOf({ units }: Deployment, isUser: (unit: Unit) => boolean): readonly string[] {
  return units.filter(isUser).map(({ name }) => name);
}
