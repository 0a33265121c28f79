// The environment of each container, and the list of all that is to be filled in.
import { DeployError } from "../../deploy-error.ts";
import { type Deployment, edgesOf, type Unit, usesTopics } from "../../deployment/deployment.ts";
import { cachePasswordVariable, keyVariable, messagesDatabase, passwordVariable } from "../../deployment/variables.ts";
import { required } from "./compose-file.ts";
import {
  allEngines,
  broker,
  keepsMessages,
  objects,
  postgres,
  usedCaches,
  usedDatabases,
  usedSecrets,
} from "./engines.ts";
import type { ComposeSettings } from "./settings.ts";
import { revisionEnvironment } from "../revision.ts";

export interface Variable {
  readonly name: string;
  /** What it is, for whoever fills it in. */
  readonly summary: string;
}

export const adminPassword = "POSTGRES_PASSWORD";
export const brokerPassword = "BROKER_PASSWORD";
export const objectsKeyId = "OBJECTS_ACCESS_KEY_ID";
export const objectsSecret = "OBJECTS_SECRET_ACCESS_KEY";
/** Made of a password, since infra.json takes it as one text. */
export const messagesUrl = "TENON_MESSAGES_DATABASE_URL";

/** Everything that .env has to give, in the order of the file. Throws DeployError `name_not_deployable`. */
export function allVariables(deployment: Deployment, settings: ComposeSettings): readonly Variable[] {
  const engines = allEngines(deployment, settings);
  const hasSeveral = deployment.units.length > 1;
  const variables = [
    ...(hasSeveral
      ? [{ name: keyVariable, summary: "key with which the processes prove themselves to each other" }]
      : []),
    ...(engines.has(postgres) ? [{ name: adminPassword, summary: "PostgreSQL's administrator" }] : []),
    ...usedDatabases(deployment).map((name) => ({ name: passwordVariable(name), summary: `the database "${name}"` })),
    ...(keepsMessages(deployment, settings)
      ? [{ name: passwordVariable(messagesDatabase), summary: "the database with messages; letters and digits only" }]
      : []),
    ...(engines.has(broker) ? [{ name: brokerPassword, summary: "the broker" }] : []),
    ...usedCaches(deployment).map(({ name }) => ({
      name: cachePasswordVariable(name),
      summary: `the cache "${name}"`,
    })),
    ...(engines.has(objects)
      ? [
          { name: objectsKeyId, summary: "name of the object store's key" },
          { name: objectsSecret, summary: "the object store's key" },
        ]
      : []),
    ...usedSecrets(deployment).map((name) => ({ name, summary: "a secret of the app" })),
  ];
  const twice = variables.find(({ name }, index) => variables.findIndex((other) => other.name === name) !== index);
  if (twice === undefined) return variables;
  throw new DeployError(
    "name_not_deployable",
    `two values would be read from the environment variable ${twice.name}`,
    "Rename the secret, the database or the cache.",
  );
}

/** With what is secret as references to .env. */
export function unitEnvironment(deployment: Deployment, unit: Unit, settings: ComposeSettings): Record<string, string> {
  const { name } = unit;
  const isWithTopics = usesTopics(deployment, name);
  const hasObjects = edgesOf(deployment, name, "bucket").length > 0;
  const secrets = [
    ...(unit.kind === "app" ? [] : [keyVariable]),
    ...edgesOf(deployment, name, "database").map(({ database }) => passwordVariable(database)),
    ...(isWithTopics && settings.broker !== "postgres" ? [brokerPassword] : []),
    ...edgesOf(deployment, name, "cache").map(({ cache }) => cachePasswordVariable(cache)),
    ...(hasObjects ? [objectsKeyId, objectsSecret] : []),
    ...edgesOf(deployment, name, "secret").map(({ secret }) => secret),
  ];
  return {
    PORT: "8080",
    TENON_INFRA: "/etc/tenon/infra.json",
    TENON_INTERNAL_PORT: "8081",
    ...revisionEnvironment(settings),
    OTEL_EXPORTER_OTLP_ENDPOINT: settings.otlpEndpoint ?? "http://collector:4318",
    ...Object.fromEntries(secrets.map((secret) => [secret, required(secret)])),
    ...(isWithTopics && settings.broker === "postgres" ? { [messagesUrl]: messagesAddress() } : {}),
  };
}

function messagesAddress(): string {
  return `postgres://${messagesDatabase}:${required(passwordVariable(messagesDatabase))}@postgres:5432/${messagesDatabase}`;
}
