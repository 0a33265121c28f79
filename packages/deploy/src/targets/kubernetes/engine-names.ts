// The engines that can run in the cluster to try the app out: what they are called there and where they listen.
import type { KubernetesSettings } from "./read-settings.ts";

export const engines = {
  postgres: { name: "engine-postgres", port: 5432 },
  nats: { name: "engine-nats", port: 4222 },
  broker: { name: "engine-broker", port: 6379 },
  cache: { name: "engine-cache", port: 6379 },
} as const;

export type EngineName = keyof typeof engines;

export function engineFor(kind: "database" | "broker" | "cache", { broker }: Pick<KubernetesSettings, "broker">) {
  if (kind === "cache") return engines.cache;
  return kind === "database" || broker === "postgres"
    ? engines.postgres
    : engines[broker === "nats" ? "nats" : "broker"];
}

export function engineHost(
  kind: "database" | "broker" | "cache",
  settings: Pick<KubernetesSettings, "broker">,
): string {
  const { name, port } = engineFor(kind, settings);
  return `${name}:${port}`;
}
