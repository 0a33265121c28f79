// What an app on GKE needs of Google Cloud beside the cluster, which is there already: servers, stores, the broker, secrets, a place for images, and a
// service account for each process that uses any of it, which its ServiceAccount stands for by Workload Identity.
import type { Deployment } from "../../../deployment/deployment.ts";
import { withoutTopics } from "../../../deployment/topic-uses.ts";
import { passwordVariable } from "../../../deployment/variables.ts";
import type { TargetInput } from "../../../target.ts";
import { type Block, data, label, local, output, ref, resource } from "../blocks.ts";
import type { CloudResources } from "../cloud.ts";
import { clusterOutputs, type ClusterPlaces } from "../cluster/cluster-outputs.ts";
import { prepareScript } from "../cluster/prepare-script.ts";
import { provisionFile, provisionJob } from "../cluster/provision-job.ts";
import { allNeededSecrets, databaseNames, secretName, type SecretSource } from "../needed-secrets.ts";
import { isBrokerManaged } from "../settings.ts";
import { brokerBindings, brokerBlocks, brokerNote, wholeBrokerPlace } from "./broker.ts";
import { grantsOf, objectBindings } from "./grants.ts";
import { account, bindingBlocks } from "./identities.ts";
import { backendExample, imageBlocks, imagePrefix, prepareBlock, providerBlocks, sharedLocals } from "./main.ts";
import { addressRange, serverConnection } from "./network.ts";
import { secretBlocks } from "./secrets.ts";
import { bucketBlocks, cacheBlocks, cachePlace, databaseBlocks, databaseServer, objectStorage } from "./stores.ts";
import { clusterExampleValues, clusterVariableBlocks } from "./variables.ts";

export function clusterResources(input: TargetInput): CloudResources {
  const { settings } = input;
  const isManaged = isBrokerManaged(input);
  const deployment = isManaged ? withoutTopics(input.deployment) : input.deployment;
  const databases = databaseNames(deployment);
  const hasDatabase = databases.length > 0;
  const bindings = [
    ...deployment.units.flatMap((unit) => objectBindings(deployment, unit)),
    ...(isManaged ? brokerBindings(input.deployment) : []),
  ];
  const units = [...new Set(bindings.map(({ unit }) => unit))].sort();
  return {
    files: {
      main: [...providerBlocks(), prepareBlock(deployment), ...sharedLocals()],
      variables: clusterVariableBlocks(deployment),
      images: imageBlocks(deployment, settings),
      identities: [...units.flatMap(identityBlocks), ...bindingBlocks(bindings)],
      network: hasDatabase || deployment.caches.length > 0 ? networkBlocks() : [],
      secrets: secretBlocks(deployment),
      stores: [...(hasDatabase ? databaseBlocks() : []), ...cacheBlocks(deployment), ...bucketBlocks(deployment)],
      broker: isManaged ? brokerBlocks(input.deployment) : [],
      outputs: [
        ...clusterOutputs({ deployment, settings }, placesOf(input, units), {
          host: ref("google_sql_database_instance.main.private_ip_address"),
          user: ref("google_sql_user.administrator.name"),
          ca: ref("google_sql_database_instance.main.server_ca_cert[0].cert"),
        }),
        output("project", "Where all of it is.", ref("var.project")),
      ],
    },
    grants: grantsOf(bindings, []),
    notes: isManaged && input.deployment.topics.length > 0 ? [...notes, brokerNote] : notes,
    scripts: { "prepare-cluster.sh": prepareCluster(deployment) },
    otherFiles: hasDatabase ? { [provisionFile]: provisionJob({ databases, sslMode: "verify-ca", hasCa: true }) } : {},
    exampleValues: clusterExampleValues,
    backendExample,
  };
}

function placesOf(input: TargetInput, units: readonly string[]): ClusterPlaces {
  const { deployment } = input;
  const emails = units.map((unit) => [unit, ref(`google_service_account.${label(unit)}.email`)] as const);
  return {
    cloud: "gcp",
    imagePrefix,
    identities: Object.fromEntries(emails),
    databaseServer,
    redis: cachePlace,
    objectStorage: (buckets) => objectStorage(deployment, buckets),
    ...(isBrokerManaged(input) && deployment.topics.length > 0 ? { pubsub: wholeBrokerPlace(deployment) } : {}),
  };
}

/** Only this one ServiceAccount of the cluster stands for it. */
function identityBlocks(unit: string): readonly Block[] {
  return [
    account(unit, `Process ${unit} of ${ref("var.name")}.`),
    resource("google_service_account_iam_member", `${label(unit)}_in_cluster`, {
      service_account_id: ref(`google_service_account.${label(unit)}.name`),
      role: "roles/iam.workloadIdentityUser",
      member: `serviceAccount:${ref("var.project")}.svc.id.goog[${ref("var.namespace")}/${unit}]`,
    }),
  ];
}

function networkBlocks(): readonly Block[] {
  const isMissing = ref("var.has_server_connection ? 0 : 1");
  return [
    data("google_compute_network", "cluster", { name: ref("var.network") }),
    local("network_id", ref("data.google_compute_network.cluster.id")),
    resource("google_compute_global_address", "servers", { count: isMissing, ...addressRange() }),
    resource("google_service_networking_connection", "servers", {
      count: isMissing,
      ...serverConnection("google_compute_global_address.servers[0]"),
    }),
  ];
}

function prepareCluster(deployment: Deployment): string {
  const databases = databaseNames(deployment);
  const read = (secret: string) => `gcloud secrets versions access latest --project "$project" --secret "${secret}"`;
  const database = {
    readPassword: read("$name-database-administrator"),
    passwords: databases.map((one) => ({
      variable: passwordVariable(one),
      secret: storedName({ kind: "database", database: one }),
    })),
    hasCa: true,
  };
  return prepareScript(deployment, {
    setUp: 'name=$("$terraform" output -raw name)\nproject=$("$terraform" output -raw project)',
    readSecret: read("$2"),
    values: allNeededSecrets(deployment).map(({ source, variable }) => ({ variable, secret: storedName(source) })),
    ...(databases.length > 0 ? { database } : {}),
  });
}

function storedName(source: SecretSource): string {
  return `$name-${secretName(source)}`;
}

const notes = [
  "Which process reaches which server, the cluster's NetworkPolicies say (`tenon deploy kubernetes`): servers are reached from the whole network of the cluster.",
  "A service account stands for one ServiceAccount of one namespace. Processes that use neither buckets nor topics have none.",
  "The nodes need `roles/artifactregistry.reader` for the images.",
];
