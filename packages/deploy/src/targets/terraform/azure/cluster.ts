// What an app on AKS needs of Azure beside the cluster, which is there already: servers, buckets,
// secrets, a registry that the cluster may pull from, and an identity for each process that uses buckets, which its ServiceAccount stands for.
import type { Deployment } from "../../../deployment/deployment.ts";
import { passwordVariable } from "../../../deployment/variables.ts";
import type { TargetInput } from "../../../target.ts";
import { type Block, data, label, output, ref, resource } from "../blocks.ts";
import type { CloudResources } from "../cloud.ts";
import { clusterOutputs, type ClusterPlaces } from "../cluster/cluster-outputs.ts";
import { prepareScript, type StoredValue } from "../cluster/prepare-script.ts";
import { provisionFile, provisionJob } from "../cluster/provision-job.ts";
import { databaseNames } from "../needed-secrets.ts";
import { bucketAssignments, bucketBlocks, objectStorage } from "./buckets.ts";
import { grantsOf, vaultNames, vaultSecrets } from "./grants.ts";
import { identityBlocks, identityId } from "./identities.ts";
import { backendExample, groupBlocks, imageBlocks, prepareBlock, providerBlocks } from "./main.ts";
import { place } from "./place.ts";
import { secretBlocks } from "./secrets.ts";
import { imagePrefix } from "./services.ts";
import { cacheBlocks, cachePlace, databaseBlocks, databaseServer } from "./stores.ts";
import { clusterExampleValues, clusterVariableBlocks } from "./variables.ts";

export function clusterResources({ deployment, settings }: TargetInput): CloudResources {
  const assignments = bucketAssignments(deployment);
  const units = [...new Set(assignments.map(({ unit }) => unit))].sort();
  const databases = databaseNames(deployment);
  const hasDatabase = databases.length > 0;
  const places: ClusterPlaces = {
    cloud: "azure",
    imagePrefix: imagePrefix(deployment.app, settings),
    identities: Object.fromEntries(
      units.map((unit) => [unit, ref(`azurerm_user_assigned_identity.${label(unit)}.client_id`)] as const),
    ),
    databaseServer,
    redis: cachePlace,
    objectStorage: (buckets) => objectStorage(deployment, buckets),
  };
  return {
    files: {
      main: [...providerBlocks(), ...groupBlocks(), prepareBlock(deployment)],
      variables: clusterVariableBlocks(deployment),
      images: imageBlocks(deployment, settings),
      cluster: clusterBlocks(),
      identities: [...identityBlocks(units, assignments), ...units.map(federation)],
      network: hasDatabase ? endpointBlocks() : [],
      secrets: secretBlocks(deployment),
      stores: [
        ...(hasDatabase ? databaseBlocks({ arguments: {}, needs: [] }) : []),
        ...cacheBlocks(deployment),
        ...bucketBlocks(deployment),
      ],
      outputs: [
        ...clusterOutputs({ deployment, settings }, places, {
          host: ref("azurerm_postgresql_flexible_server.main.fqdn"),
          user: ref("azurerm_postgresql_flexible_server.main.administrator_login"),
        }),
        output("key_vault_name", "Where the secrets are.", ref("azurerm_key_vault.main.name")),
      ],
    },
    grants: grantsOf(assignments),
    notes,
    scripts: { "prepare-cluster.sh": prepareCluster(deployment) },
    otherFiles: hasDatabase
      ? { [provisionFile]: provisionJob({ databases, sslMode: "verify-full", hasCa: false }) }
      : {},
    exampleValues: clusterExampleValues(deployment),
    backendExample,
  };
}

function clusterBlocks(): readonly Block[] {
  return [
    data("azurerm_kubernetes_cluster", "main", {
      name: ref("var.cluster_name"),
      resource_group_name: ref("var.cluster_resource_group"),
    }),
    resource("azurerm_role_assignment", "cluster_pull", {
      scope: ref("azurerm_container_registry.main.id"),
      role_definition_name: "AcrPull",
      principal_id: ref("data.azurerm_kubernetes_cluster.main.kubelet_identity[0].object_id"),
      principal_type: "ServicePrincipal",
    }),
  ];
}

/** Only tokens of this one ServiceAccount, made for Azure, stand for the identity. */
function federation(unit: string): Block {
  return resource("azurerm_federated_identity_credential", label(unit), {
    name: unit,
    user_assigned_identity_id: identityId(unit),
    issuer: ref("data.azurerm_kubernetes_cluster.main.oidc_issuer_url"),
    subject: `system:serviceaccount:${ref("var.namespace")}:${unit}`,
    audience: ["api://AzureADTokenExchange"],
  });
}

/** The database server has an address in the cluster's network, and none outside of it. */
function endpointBlocks(): readonly Block[] {
  const { location: _location, ...global } = place();
  return [
    resource("azurerm_private_dns_zone", "database", { ...global, name: "privatelink.postgres.database.azure.com" }),
    resource("azurerm_private_dns_zone_virtual_network_link", "database", {
      ...global,
      private_dns_zone_name: ref("azurerm_private_dns_zone.database.name"),
      virtual_network_id: ref("var.virtual_network_id"),
    }),
    resource("azurerm_private_endpoint", "database", {
      ...place("-database"),
      subnet_id: ref("var.endpoint_subnet_id"),
      private_service_connection: [
        {
          name: "database",
          private_connection_resource_id: ref("azurerm_postgresql_flexible_server.main.id"),
          is_manual_connection: false,
          subresource_names: ["postgresqlServer"],
        },
      ],
      private_dns_zone_group: [
        { name: "database", private_dns_zone_ids: [ref("azurerm_private_dns_zone.database.id")] },
      ],
    }),
  ];
}

function prepareCluster(deployment: Deployment): string {
  const databases = databaseNames(deployment);
  const read = (secret: string) =>
    `az keyvault secret show --vault-name "$vault" --name "${secret}" --query value --output tsv`;
  const database = {
    readPassword: read("database-administrator"),
    passwords: databases.map((one) => ({
      variable: passwordVariable(one),
      secret: vaultNames({ kind: "database", database: one }).name,
    })),
    hasCa: false,
  };
  return prepareScript(deployment, {
    setUp: 'vault=$("$terraform" output -raw key_vault_name)',
    readSecret: read("$2"),
    values: storedValues(deployment),
    ...(databases.length > 0 ? { database } : {}),
  });
}

/** Each once, sorted. */
function storedValues(deployment: Deployment): readonly StoredValue[] {
  const all = new Map(
    deployment.units
      .flatMap((unit) => vaultSecrets(deployment, unit))
      .map(({ variable, name }) => [variable, name] as const),
  );
  return [...all].sort(([a], [b]) => (a < b ? -1 : 1)).map(([variable, secret]) => ({ variable, secret }));
}

const notes = [
  "An identity takes tokens of one ServiceAccount of one namespace. Processes that use no buckets have none.",
  "Which process reaches which server, the cluster's NetworkPolicies say (`tenon deploy kubernetes`), and each database has a role and a password of its own.",
  "A network can have one zone `privatelink.postgres.database.azure.com`: where the cluster's has one already, take the zone and its link out of `network.tf.json` and name the other in the endpoint's `private_dns_zone_group`.",
  "Who runs Terraform may write secrets of the vault (`azurerm_role_assignment.operator`).",
];
