// What has to be known to deploy to AWS, and what can be chosen.
import type { Deployment } from "../../../deployment/deployment.ts";
import type { SettingValues } from "../../../target.ts";
import { type Block, variable } from "../blocks.ts";
import { databaseNames } from "../needed-secrets.ts";
import { clusterVariables } from "../cluster/cluster-variables.ts";
import { commonVariables, input } from "../variables.ts";
import { usualSize } from "./tasks.ts";

const subnetsCheck = (name: string) => ({
  test: `length(var.${name}) >= 2`,
  message: "Two at least, in different availability zones.",
});

export function variableBlocks(deployment: Deployment, settings: SettingValues): readonly Block[] {
  return [
    // "-start" follows in names of roles.
    ...commonVariables(
      deployment,
      settings,
      usualSize,
      "cpu in shares of 1024, memory in MiB, in pairs that Fargate knows.",
      { most: 64, suffix: 6 },
    ),
    variable("region", input("string", "Region of AWS: eu-central-1.", { check: regionCheck })),
    variable("vpc_id", input("string", "The network to deploy into.", { check: vpcCheck })),
    variable(
      "private_subnet_ids",
      input(
        "list(string)",
        "Subnets of the processes and servers; they need a way out (NAT or VPC endpoints) for images and secrets.",
        {
          check: subnetsCheck("private_subnet_ids"),
        },
      ),
    ),
    variable(
      "public_subnet_ids",
      input("list(string)", "Subnets of the load balancer.", { check: subnetsCheck("public_subnet_ids") }),
    ),
    variable(
      "certificate_arn",
      input("string", "Certificate of the app's DNS name in ACM, in this region.", { check: certificateCheck }),
    ),
    variable(
      "public_url",
      input("string", "Where the app is reached, if not at the load balancer's own name: https://api.example.com.", {
        default: null,
      }),
    ),
    variable("public_cidrs", input("list(string)", "Who may reach the load balancer.", { default: ["0.0.0.0/0"] })),
    variable(
      "architecture",
      input("string", "X86_64 or ARM64, as the images are.", { default: "X86_64", check: architectureCheck }),
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
  ];
}

/** For an app in a cluster of EKS. */
export function clusterVariableBlocks(deployment: Deployment): readonly Block[] {
  const hasDatabase = databaseNames(deployment).length > 0;
  const hasCaches = deployment.caches.length > 0;
  const subnets = input("list(string)", "Subnets of the servers, in the cluster's network.", {
    check: subnetsCheck("private_subnet_ids"),
  });
  return [
    ...clusterVariables(deployment, { most: 64, suffix: 0 }),
    variable("region", input("string", "Region of AWS: eu-central-1.", { check: regionCheck })),
    variable("cluster_name", input("string", "Name of the EKS cluster.")),
    ...(hasDatabase || hasCaches ? [variable("private_subnet_ids", subnets)] : []),
    ...(hasDatabase ? databaseVariables() : []),
    ...(hasCaches ? cacheVariables() : []),
  ];
}

export const clusterExampleValues = {
  region: "eu-central-1",
  cluster_name: "my-cluster",
  private_subnet_ids: ["subnet-0123456789abcdef0", "subnet-0123456789abcdef1"],
};

export const exampleValues = {
  region: "eu-central-1",
  vpc_id: "vpc-0123456789abcdef0",
  private_subnet_ids: ["subnet-0123456789abcdef0", "subnet-0123456789abcdef1"],
  public_subnet_ids: ["subnet-0123456789abcdef2", "subnet-0123456789abcdef3"],
  certificate_arn: "arn:aws:acm:eu-central-1:123456789012:certificate/00000000-0000-0000-0000-000000000000",
};

function databaseVariables(): readonly Block[] {
  return [
    variable("database_instance_class", input("string", "Size of the PostgreSQL server.", { default: "db.t4g.small" })),
    variable("database_version", input("string", "Major version of PostgreSQL.", { default: "17" })),
    variable(
      "database_storage_gb",
      input("number", "Storage to begin with; it grows to five times as much by itself.", {
        default: 20,
        check: storageCheck,
      }),
    ),
    variable(
      "database_multi_az",
      input("bool", "A second server in another zone takes over when the first fails.", { default: true }),
    ),
    variable("database_backup_days", input("number", "Days to which the server can be set back.", { default: 7 })),
  ];
}

const psqlVariable = variable(
  "psql_image",
  input("string", "An image with psql 14 or newer, for the task that makes databases and roles.", {
    default: "public.ecr.aws/docker/library/postgres:17-alpine",
  }),
);

function cacheVariables(): readonly Block[] {
  return [
    variable("cache_node_type", input("string", "Size of a cache server.", { default: "cache.t4g.micro" })),
    variable(
      "cache_replicas",
      input("number", "Replicas of each cache server, one of which takes over when it fails.", { default: 0 }),
    ),
  ];
}

const regionCheck = {
  test: 'can(regex("^[a-z]{2}(-[a-z]+)+-[0-9]$", var.region))',
  message: "For example eu-central-1.",
};
const vpcCheck = { test: 'startswith(var.vpc_id, "vpc-")', message: "The id of a VPC begins with vpc-." };
const certificateCheck = {
  test: 'can(regex("^arn:aws[a-z-]*:acm:", var.certificate_arn))',
  message: "The ARN of a certificate in ACM.",
};
const architectureCheck = { test: 'contains(["X86_64", "ARM64"], var.architecture)', message: "X86_64 or ARM64." };
const storageCheck = { test: "var.database_storage_gb >= 20", message: "RDS gives 20 GB at least." };
