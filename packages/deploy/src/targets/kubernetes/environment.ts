// The environment of a process: what is the same everywhere, and the secret values it needs, each by the key it has in the app's Secret.
import { type Deployment, edgesOf, type Unit, usesTopics } from "../../deployment/deployment.ts";
import { cachePasswordVariable, keyVariable, messagesDatabase, passwordVariable } from "../../deployment/variables.ts";
import { secretsIn } from "./managed-infra.ts";
import { BROKER_PASSWORD, MESSAGES_URL_VARIABLE, messagesUrl, OBJECT_STORE_ID, OBJECT_STORE_SECRET } from "./places.ts";
import { INTERNAL_PORT, PUBLIC_PORT } from "./ports.ts";
import type { KubernetesSettings } from "./read-settings.ts";
import { revisionEnvironment } from "../revision.ts";

export const INFRA_FOLDER = "/etc/tenon";
export const INFRA_FILE = "infra.json";
const INFRA_PATH = `${INFRA_FOLDER}/${INFRA_FILE}`;

export type EnvironmentVariable =
  | { readonly name: string; readonly value: string }
  | {
      readonly name: string;
      readonly valueFrom: { readonly secretKeyRef: { readonly name: string; readonly key: string } };
    };

/** `secretName`: of the Secret, as objects refer to it. */
export function environmentOf(
  deployment: Deployment,
  unit: Unit,
  settings: KubernetesSettings,
  secretName: string,
): readonly EnvironmentVariable[] {
  const { otlpEndpoint, broker } = settings;
  const plain = {
    TENON_INFRA: INFRA_PATH,
    ...(unit.kind === "services" ? {} : { PORT: String(PUBLIC_PORT) }),
    TENON_INTERNAL_PORT: String(INTERNAL_PORT),
    ...revisionEnvironment(settings),
    ...(otlpEndpoint === undefined ? {} : { OTEL_EXPORTER_OTLP_ENDPOINT: otlpEndpoint }),
  };
  const secrets = secretKeys(deployment, unit, settings);
  const hasUrl = broker === "postgres" && settings.infra.sql_servers === undefined && usesTopics(deployment, unit.name);
  return [
    ...Object.entries(plain).map(([name, value]) => ({ name, value })),
    ...secrets.map((key) => fromSecret(key, secretName)),
    // After the password that stands in it: only what comes before a variable can be a part of it.
    ...(hasUrl ? [{ name: MESSAGES_URL_VARIABLE, value: messagesUrl(settings) }] : []),
  ];
}

/** Migrations know their databases and nothing else. */
export function migrationEnvironment(
  deployment: Deployment,
  { name }: Unit,
  secretName: string,
): readonly EnvironmentVariable[] {
  const passwords = edgesOf(deployment, name, "database").map(({ database }) => passwordVariable(database));
  return [{ name: "TENON_INFRA", value: INFRA_PATH }, ...passwords.sort().map((key) => fromSecret(key, secretName))];
}

/** Keys of the Secret that a process needs, sorted. */
export function secretKeys(deployment: Deployment, unit: Unit, settings: KubernetesSettings): readonly string[] {
  const { name, kind } = unit;
  const topics = usesTopics(deployment, name);
  const { infra } = settings;
  const caches = settings.cachePassword && infra.redis === undefined ? edgesOf(deployment, name, "cache") : [];
  const isOnStore = infra.object_storage === undefined && edgesOf(deployment, name, "bucket").length > 0;
  const keys = [
    ...(kind === "app" ? [] : [keyVariable]),
    ...edgesOf(deployment, name, "database").map(({ database }) => passwordVariable(database)),
    ...(topics && settings.broker === "postgres" ? [passwordVariable(messagesDatabase)] : []),
    ...(topics && (settings.broker === "nats" || settings.broker === "redis") && settings.brokerUser !== undefined
      ? [BROKER_PASSWORD]
      : []),
    ...caches.map(({ cache }) => cachePasswordVariable(cache)),
    ...(isOnStore ? [OBJECT_STORE_ID, OBJECT_STORE_SECRET] : []),
    ...secretsIn(deployment, name, infra),
    ...edgesOf(deployment, name, "secret").map(({ secret }) => secret),
  ];
  return [...new Set(keys)].sort();
}

function fromSecret(key: string, secretName: string): EnvironmentVariable {
  return { name: key, valueFrom: { secretKeyRef: { name: secretName, key } } };
}
