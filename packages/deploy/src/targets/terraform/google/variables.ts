// What has to be known to deploy to Google Cloud, and what can be chosen.
import type { Deployment } from "../../../deployment/deployment.ts";
import type { SettingValues } from "../../../target.ts";
import { type Block, variable } from "../blocks.ts";
import { databaseNames } from "../needed-secrets.ts";
import { clusterVariables } from "../cluster/cluster-variables.ts";
import { commonVariables, input } from "../variables.ts";
import { usualSize } from "./services.ts";

export function variableBlocks(deployment: Deployment, settings: SettingValues): readonly Block[] {
  return [
    // Ids of service accounts.
    ...commonVariables(deployment, settings, usualSize, "cpu in CPUs, memory in MiB.", { most: 30, suffix: 0 }),
    variable("project", input("string", "Id of the project.", { check: projectCheck })),
    variable("region", input("string", "Region: europe-west1.", { check: regionCheck })),
    variable(
      "public_url",
      input("string", "Where the app is reached, if not at Cloud Run's own name: https://api.example.com.", {
        default: null,
      }),
    ),
    variable(
      "subnet_cidr",
      input("string", "Addresses of the processes, not used elsewhere in networks that this one is joined to.", {
        default: "10.64.0.0/20",
        check: cidrCheck,
      }),
    ),
    variable(
      "secrets_version",
      input("number", "One more makes new passwords and a new key; processes get them when they are started again.", {
        default: 1,
      }),
    ),
    ...(databaseNames(deployment).length === 0 ? [] : [...databaseVariables(), psqlVariable]),
    ...(deployment.caches.length === 0 ? [] : cacheVariables()),
  ];
}

/** For an app in a cluster of GKE. */
export function clusterVariableBlocks(deployment: Deployment): readonly Block[] {
  const hasDatabase = databaseNames(deployment).length > 0;
  const hasCaches = deployment.caches.length > 0;
  return [
    ...clusterVariables(deployment, { most: 30, suffix: 0 }),
    variable("project", input("string", "Id of the project, which the cluster is in too.", { check: projectCheck })),
    variable("region", input("string", "Region: europe-west1.", { check: regionCheck })),
    ...(hasDatabase || hasCaches ? serverNetworkVariables() : []),
    ...(hasDatabase ? databaseVariables() : []),
    ...(hasCaches ? cacheVariables() : []),
  ];
}

function serverNetworkVariables(): readonly Block[] {
  return [
    variable("network", input("string", "Name of the cluster's network.")),
    variable(
      "has_server_connection",
      input("bool", "The network has a private connection to Google's services already; there can be one.", {
        default: false,
      }),
    ),
  ];
}

export const clusterExampleValues = { project: "my-project", region: "europe-west1", network: "my-network" };

export const exampleValues = { project: "my-project", region: "europe-west1" };

function databaseVariables(): readonly Block[] {
  return [
    variable("database_tier", input("string", "Size of the PostgreSQL server.", { default: "db-custom-1-3840" })),
    variable(
      "database_version",
      input("string", "Major version of PostgreSQL.", { default: "POSTGRES_17", check: versionCheck }),
    ),
    variable(
      "database_high_availability",
      input("bool", "A second server in another zone takes over when the first fails.", { default: true }),
    ),
  ];
}

const psqlVariable = variable(
  "psql_image",
  input("string", "An image with psql 14 or newer, for the job that makes databases and roles.", {
    default: "docker.io/library/postgres:17-alpine",
  }),
);

function cacheVariables(): readonly Block[] {
  return [
    variable(
      "cache_tier",
      input("string", "BASIC, or STANDARD_HA with a replica that takes over.", { default: "BASIC", check: tierCheck }),
    ),
    variable("cache_memory_gb", input("number", "Memory of each cache server.", { default: 1 })),
  ];
}

const projectCheck = {
  test: 'can(regex("^[a-z][a-z0-9-]{4,28}[a-z0-9]$", var.project))',
  message: "The id of the project, not its name or number.",
};
const regionCheck = { test: 'can(regex("^[a-z]+-[a-z]+[0-9]+$", var.region))', message: "For example europe-west1." };
const cidrCheck = { test: "can(cidrhost(var.subnet_cidr, 0))", message: "A range of addresses: 10.64.0.0/20." };
const versionCheck = { test: 'startswith(var.database_version, "POSTGRES_")', message: "For example POSTGRES_17." };
const tierCheck = { test: 'contains(["BASIC", "STANDARD_HA"], var.cache_tier)', message: "BASIC or STANDARD_HA." };
