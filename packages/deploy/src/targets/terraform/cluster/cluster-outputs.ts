// What Terraform tells of what it made, for a cluster: the settings of `tenon deploy kubernetes`, by their names there, and what prepare-cluster.sh
// reads.
import type { Deployment } from "../../../deployment/deployment.ts";
import type { Json } from "../../../deployment/unit-infra.ts";
import type { SettingValues, TargetInput } from "../../../target.ts";
import { type Block, type Body, output, ref } from "../blocks.ts";
import { databaseNames } from "../needed-secrets.ts";

/** Where things are in one cloud. */
export interface ClusterPlaces {
  readonly cloud: "aws" | "gcp" | "azure";
  readonly imagePrefix: string;
  /** Process -> what the annotation of its ServiceAccount names. */
  readonly identities: Readonly<Record<string, string>>;
  /** `host` and `tls_config`. */
  readonly databaseServer: Body;
  /** With all topics and subscriptions; absent: PostgreSQL keeps the messages. */
  readonly pubsub?: Body;
  redis(cache: string): Body;
  objectStorage(buckets: readonly string[]): Body;
}

export interface Administrator {
  readonly host: string;
  readonly user: string;
  /** The authority of the server's certificate; absent: one that programs know. */
  readonly ca?: string;
}

/** `deployment`: as the database server sees it. */
export function clusterOutputs(
  { deployment, settings }: Pick<TargetInput, "deployment" | "settings">,
  places: ClusterPlaces,
  administrator: Administrator,
): readonly Block[] {
  const hasDatabase = databaseNames(deployment).length > 0;
  return [
    output(
      "kubernetes_settings",
      'Settings of "deploy.kubernetes" in tenon.json.',
      settingsOf(deployment, settings, places),
    ),
    output("name", "In front of the names of all that was made.", ref("var.name")),
    output("namespace", "Namespace of the app in the cluster.", ref("var.namespace")),
    ...(hasDatabase ? administratorOutputs(administrator) : []),
  ];
}

/** Name of the Secret that the Kubernetes target's pods read. */
export function clusterSecretName({ app }: Deployment): string {
  return `${app}-secrets`;
}

function settingsOf(deployment: Deployment, settings: SettingValues, places: ClusterPlaces): Json {
  const { cloud, imagePrefix, identities } = places;
  const { perUnitImages, otlpEndpoint } = settings;
  return {
    namespace: ref("var.namespace"),
    environment: ref("var.environment"),
    imagePrefix,
    ...(perUnitImages === true ? { perUnitImages } : {}),
    ...(typeof otlpEndpoint === "string" ? { otlpEndpoint } : {}),
    cloud,
    identities,
    secretName: clusterSecretName(deployment),
    infra: infraOf(deployment, places),
  };
}

/** In the words of infra.json. */
function infraOf(deployment: Deployment, { databaseServer, pubsub, ...places }: ClusterPlaces): Json {
  const { caches, buckets } = deployment;
  const servers = caches.map(({ name }): [string, Json] => [name, places.redis(name)]);
  return {
    ...(databaseNames(deployment).length === 0 ? {} : { sql_servers: [databaseServer] }),
    ...(pubsub === undefined ? {} : { pubsub: [pubsub] }),
    ...(caches.length === 0 ? {} : { redis: Object.fromEntries(servers) }),
    ...(buckets.length === 0 ? {} : { object_storage: [places.objectStorage(buckets.map(({ name }) => name))] }),
  };
}

function administratorOutputs({ host, user, ca }: Administrator): readonly Block[] {
  return [
    output("database_host", "The PostgreSQL server.", host),
    output("database_user", "Its administrator.", user),
    ...(ca === undefined ? [] : [output("database_ca", "The authority of its certificate.", ca)]),
  ];
}
