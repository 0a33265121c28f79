// What has to be known to deploy to Azure, and what can be chosen.
import type { Deployment } from "../../../deployment/deployment.ts";
import type { SettingValues } from "../../../target.ts";
import { type Block, variable } from "../blocks.ts";
import { databaseNames } from "../needed-secrets.ts";
import { clusterVariables } from "../cluster/cluster-variables.ts";
import { commonVariables, input } from "../variables.ts";
import { usualSize } from "./services.ts";

export function variableBlocks(deployment: Deployment, settings: SettingValues): readonly Block[] {
  return [
    // "migrate-" stands in names of jobs.
    ...commonVariables(deployment, settings, usualSize, "cpu in CPUs, memory in MiB: 2048 for each CPU.", {
      most: 32,
      suffix: 8,
    }),
    variable("subscription_id", input("string", "Id of the subscription.", { check: subscriptionCheck })),
    variable("location", input("string", "Region: westeurope.", {})),
    registryVariable,
    vaultVariable,
    variable(
      "public_url",
      input("string", "Where the app is reached, if not at the name that Azure gives it: https://api.example.com.", {
        default: null,
      }),
    ),
    variable(
      "network_cidr",
      input("string", "Addresses of the app's network.", { default: "10.64.0.0/16", check: cidrCheck }),
    ),
    variable("log_days", input("number", "Days that logs are kept.", { default: 30 })),
    variable(
      "secrets_version",
      input("number", "One more makes new passwords and a new key; processes get them when they are started again.", {
        default: 1,
      }),
    ),
    ...(databaseNames(deployment).length === 0 ? [] : [...databaseVariables(), psqlVariable]),
    ...(deployment.caches.length === 0 ? [] : cacheVariables()),
    ...(deployment.buckets.length === 0 ? [] : storageVariables()),
  ];
}

/** For an app in a cluster of AKS. */
export function clusterVariableBlocks(deployment: Deployment): readonly Block[] {
  const hasDatabase = databaseNames(deployment).length > 0;
  return [
    ...clusterVariables(deployment, { most: 32, suffix: 0 }),
    variable("subscription_id", input("string", "Id of the subscription.", { check: subscriptionCheck })),
    variable("location", input("string", "Region: westeurope.", {})),
    variable("cluster_name", input("string", "Name of the AKS cluster.")),
    variable("cluster_resource_group", input("string", "Resource group of the cluster.")),
    registryVariable,
    vaultVariable,
    ...(hasDatabase ? [...endpointVariables(), ...databaseVariables()] : []),
    ...(deployment.caches.length === 0 ? [] : cacheVariables()),
    ...(deployment.buckets.length === 0 ? [] : storageVariables()),
  ];
}

function storageVariables(): readonly Block[] {
  return [
    variable(
      "storage_account_name",
      input("string", "Name of the storage account; nobody on Azure may have it yet.", { check: storageCheck }),
    ),
    variable(
      "storage_replication",
      input("string", "Copies of each object: LRS in one place, ZRS in several zones, GRS in two regions.", {
        default: "ZRS",
      }),
    ),
  ];
}

function endpointVariables(): readonly Block[] {
  return [
    variable("virtual_network_id", input("string", "Id of the cluster's network.")),
    variable(
      "endpoint_subnet_id",
      input("string", "Id of a subnet in it, for the private address of the database server."),
    ),
  ];
}

export function clusterExampleValues(deployment: Deployment): Readonly<Record<string, string>> {
  const network = "/subscriptions/ID/resourceGroups/my-cluster/providers/Microsoft.Network/virtualNetworks/my-network";
  const endpoints = { virtual_network_id: network, endpoint_subnet_id: `${network}/subnets/servers` };
  return {
    ...exampleValues(deployment),
    cluster_name: "my-cluster",
    cluster_resource_group: "my-cluster",
    ...(databaseNames(deployment).length === 0 ? {} : endpoints),
  };
}

export function exampleValues(deployment: Deployment): Readonly<Record<string, string>> {
  return {
    subscription_id: "00000000-0000-0000-0000-000000000000",
    location: "westeurope",
    registry_name: "myregistry",
    key_vault_name: "my-vault",
    ...(databaseNames(deployment).length === 0 ? {} : { database_server_name: "my-database-server" }),
    ...(deployment.buckets.length === 0 ? {} : { storage_account_name: "mystorageaccount" }),
  };
}

function databaseVariables(): readonly Block[] {
  return [
    variable(
      "database_server_name",
      input("string", "Name of the PostgreSQL server; nobody on Azure may have it yet.", { check: serverCheck }),
    ),
    variable("database_sku", input("string", "Size of the PostgreSQL server.", { default: "GP_Standard_D2ds_v5" })),
    variable("database_version", input("string", "Major version of PostgreSQL.", { default: "17" })),
    variable("database_storage_mb", input("number", "Storage to begin with; it grows by itself.", { default: 32768 })),
    variable("database_backup_days", input("number", "Days to which the server can be set back.", { default: 7 })),
  ];
}

function cacheVariables(): readonly Block[] {
  return [
    variable("cache_sku", input("string", "Size of a cache server.", { default: "Balanced_B0" })),
    variable(
      "cache_high_availability",
      input("bool", "A replica takes over when a cache server fails.", { default: true }),
    ),
  ];
}

const subscriptionCheck = {
  test: 'can(regex("^[0-9a-f-]{36}$", var.subscription_id))',
  message: "A UUID, in lower case.",
};
const storageCheck = {
  test: 'can(regex("^[a-z0-9]{3,24}$", var.storage_account_name))',
  message: "Lower-case letters and digits, 3 to 24.",
};
const registryCheck = {
  test: 'can(regex("^[A-Za-z0-9]{5,50}$", var.registry_name))',
  message: "Letters and digits, 5 to 50.",
};
const vaultCheck = {
  test: 'can(regex("^[A-Za-z][A-Za-z0-9-]{1,22}[A-Za-z0-9]$", var.key_vault_name))',
  message: "Letters, digits and dashes, 3 to 24.",
};
const serverCheck = {
  test: 'can(regex("^[a-z0-9][a-z0-9-]{1,61}[a-z0-9]$", var.database_server_name))',
  message: "Lower-case letters, digits and dashes, 3 to 63.",
};
const cidrCheck = {
  test: "can(cidrsubnet(var.network_cidr, 8, 255))",
  message: "A range of addresses with room for subnets: 10.64.0.0/16.",
};

const registryVariable = variable(
  "registry_name",
  input("string", "Name of the container registry; nobody on Azure may have it yet.", { check: registryCheck }),
);
const vaultVariable = variable(
  "key_vault_name",
  input("string", "Name of the key vault; nobody on Azure may have it yet.", { check: vaultCheck }),
);
const psqlVariable = variable(
  "psql_image",
  input("string", "An image with psql 16 or newer, for the job that makes databases and roles.", {
    default: "docker.io/library/postgres:17-alpine",
  }),
);
