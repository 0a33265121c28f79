// What each process may do on Google Cloud, from the edges of the graph: roles on single secrets, buckets and services for its service account, and
// ports that its network tag may reach. Bindings and firewall rules are made from this list, and so is the page that explains them.
import { type Deployment, type Edge, edgesOf, type Unit } from "../../../deployment/deployment.ts";
import { type Body, label, ref } from "../blocks.ts";
import type { Grant } from "../grant.ts";
import { neededSecrets, secretLabel } from "../needed-secrets.ts";
import { usesDatabaseServer } from "../process-settings.ts";

/** A role on one thing, for the service account of a process. */
export interface Binding {
  readonly type:
    | "google_secret_manager_secret_iam_member"
    | "google_storage_bucket_iam_member"
    | "google_service_account_iam_member"
    | "google_pubsub_subscription_iam_member"
    | "google_pubsub_topic_iam_member"
    | "google_cloud_run_v2_service_iam_member";
  readonly name: string;
  readonly unit: string;
  readonly role: string;
  /** Which thing, in Terraform. */
  readonly on: Body;
  readonly onText: string;
  readonly because: readonly Edge[] | string;
}

/** A tag's way to an address in the network. */
export interface Opening {
  readonly name: string;
  readonly unit: string;
  readonly to: string;
  /** An expression: "1.2.3.4". */
  readonly address: string;
  readonly port: number;
  readonly because: readonly Edge[] | string;
}

export const databasePort = 5432;

export function bindingsOf(deployment: Deployment): readonly Binding[] {
  return deployment.units.flatMap((unit) => [
    ...secretBindings(deployment, unit),
    ...objectBindings(deployment, unit),
    ...edgesOf(deployment, unit.name, "call").map((edge): Binding => {
      const to = label(edge.to);
      return {
        type: "google_cloud_run_v2_service_iam_member",
        name: `${label(unit.name)}_calls_${to}`,
        unit: unit.name,
        role: "roles/run.invoker",
        on: { name: ref(`google_cloud_run_v2_service.${to}.name`), location: ref("var.region") },
        onText: `service ${edge.to}`,
        because: [edge],
      };
    }),
  ]);
}

/** Objects of its buckets, and URLs for others, which Google signs in the name of the process: it has no key. */
export function objectBindings(deployment: Deployment, { name: unit }: Unit): readonly Binding[] {
  const edges = edgesOf(deployment, unit, "bucket");
  if (edges.length === 0) return [];
  const buckets = edges.map((edge): Binding => {
    const bucket = label(edge.bucket);
    return {
      type: "google_storage_bucket_iam_member",
      name: `${label(unit)}_${bucket}`,
      unit,
      role: "roles/storage.objectUser",
      on: { bucket: ref(`google_storage_bucket.${bucket}.name`) },
      onText: `bucket ${edge.bucket}`,
      because: [edge],
    };
  });
  const signing: Binding = {
    type: "google_service_account_iam_member",
    name: `${label(unit)}_signs`,
    unit,
    role: "roles/iam.serviceAccountTokenCreator",
    on: { service_account_id: ref(`google_service_account.${label(unit)}.name`) },
    onText: "its own service account, for URLs that it signs",
    because: edges,
  };
  return [...buckets, signing];
}

export function openingsOf(deployment: Deployment): readonly Opening[] {
  return deployment.units.flatMap(({ name: unit }) => {
    const own = deployment.edges.filter(({ from }) => from === unit);
    const toServer = own.filter(({ kind }) => kind === "database" || kind === "publish" || kind === "subscribe");
    const database: Opening = {
      name: `${label(unit)}_to_database`,
      unit,
      to: "the database server",
      address: "google_sql_database_instance.main.private_ip_address",
      port: databasePort,
      because: toServer,
    };
    return [
      ...(usesDatabaseServer(deployment, unit) ? [database] : []),
      ...edgesOf(deployment, unit, "cache").map((edge) => ({
        name: `${label(unit)}_to_cache_${label(edge.cache)}`,
        unit,
        to: `cache ${edge.cache}`,
        address: `google_redis_instance.${label(edge.cache)}.host`,
        port: cachePort,
        because: [edge],
      })),
    ];
  });
}

/** With TLS, which is how the caches are set up. */
export const cachePort = 6378;

export function grantsOf(bindings: readonly Binding[], openings: readonly Opening[]): readonly Grant[] {
  return [
    ...bindings.map(({ type, name, unit, role, onText, because }) => ({
      unit,
      allows: `${role} on ${onText}`,
      address: `${type}.${name}`,
      because,
    })),
    ...openings.map(({ name, unit, to, port, because }) => ({
      unit,
      allows: `connections to ${to}, port ${port}`,
      address: `google_compute_firewall.${name}`,
      because,
    })),
  ];
}

function secretBindings(deployment: Deployment, unit: Unit): readonly Binding[] {
  const secrets = neededSecrets(deployment, unit).map(({ source, edges }) => ({ name: secretLabel(source), edges }));
  return secrets.map(({ name, edges }) => ({
    type: "google_secret_manager_secret_iam_member",
    name: `${label(unit.name)}_${name}`,
    unit: unit.name,
    role: "roles/secretmanager.secretAccessor",
    on: { secret_id: ref(`google_secret_manager_secret.${name}.id`) },
    onText: `secret ${name}`,
    because: edges.length === 0 ? "processes of the app prove themselves to each other with it" : edges,
  }));
}
