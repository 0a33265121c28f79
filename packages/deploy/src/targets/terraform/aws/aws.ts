// AWS: ECS on Fargate behind a load balancer, RDS, ElastiCache, S3, Secrets Manager.
import type { Deployment } from "../../../deployment/deployment.ts";
import type { TargetInput } from "../../../target.ts";
import { type Block, label, ref, resource } from "../blocks.ts";
import type { Cloud, CloudResources } from "../cloud.ts";
import { databaseNames, secretLabel } from "../needed-secrets.ts";
import { type CloudPlaces, infraLocals, internalPort, telemetryPort } from "../process-settings.ts";
import { type CloudSteps, nextSteps } from "../next-steps.ts";
import { entryBlocks } from "./entry.ts";
import { grantsOf, passagesOf, statementsOf } from "./grants.ts";
import { identityBlocks } from "./identities.ts";
import { imageBlocks, repositoryOf } from "./images.ts";
import { jobBlocks, provisionPassages, provisionStatements, runTaskScript } from "./jobs.ts";
import { networkBlocks } from "./network.ts";
import { secretBlocks, storedSecrets } from "./secrets.ts";
import { internalUrl, serviceBlocks } from "./services.ts";
import { bucketBlocks, cacheBlocks, cachePlace, databaseBlocks, databaseServer, objectStorage } from "./stores.ts";
import { logGroup, unitTask } from "./tasks.ts";
import { exampleValues, variableBlocks } from "./variables.ts";

export const aws: Cloud = { resources: awsResources, nextSteps: (input) => nextSteps(input, steps) };

function awsResources({ deployment, settings }: TargetInput): CloudResources {
  const isPerUnit = settings["perUnitImages"] === true;
  const hasDatabase = databaseNames(deployment).length > 0;
  const statements = [...statementsOf(deployment, isPerUnit), ...(hasDatabase ? provisionStatements(deployment) : [])];
  const passages = [...passagesOf(deployment), ...(hasDatabase ? provisionPassages : [])];
  return {
    files: {
      main: [...providerBlocks(hasDatabase), prepareBlock(deployment, isPerUnit)],
      variables: variableBlocks(deployment, settings),
      images: imageBlocks(deployment, settings),
      identities: identityBlocks(deployment.units, statements),
      network: networkBlocks(deployment, passages, hasDatabase, telemetryPort(settings)),
      secrets: secretBlocks(deployment),
      stores: [...(hasDatabase ? databaseBlocks() : []), ...cacheBlocks(deployment), ...bucketBlocks(deployment)],
      infra: infraLocals(deployment, placesOf(deployment)),
      tasks: deployment.units.flatMap((unit) => [
        ...unitTask(deployment, unit, settings),
        logGroup(label(unit.name), unit.name),
      ]),
      jobs: jobBlocks(deployment, settings, statements, passages),
      services: serviceBlocks(deployment, passages),
      entry: entryBlocks(),
    },
    grants: grantsOf(statements, passages),
    notes,
    scripts: hasDatabase ? { "run-task.sh": runTaskScript } : {},
    exampleValues,
    backendExample,
  };
}

function placesOf(deployment: Deployment): CloudPlaces {
  return {
    cloud: "aws",
    publicUrl: ref("local.public_url"),
    internalUrl: (unit) => internalUrl(unit, internalPort),
    databaseServer,
    redis: cachePlace,
    objectStorage: (buckets) => objectStorage(deployment, buckets),
  };
}

function providerBlocks(hasDatabase: boolean): readonly Block[] {
  const http = { http: { source: "hashicorp/http", version: ">= 3.4.0, < 4.0.0" } };
  return [
    {
      path: ["terraform"],
      body: {
        // Values that are in no state need it: Terraform and OpenTofu alike.
        required_version: ">= 1.11.0",
        required_providers: {
          aws: { source: "hashicorp/aws", version: ">= 6.60.0, < 7.0.0" },
          ...(hasDatabase ? http : {}),
        },
      },
    },
    {
      path: ["provider", "aws"],
      body: {
        region: ref("var.region"),
        default_tags: [
          { tags: ref('merge({ app = var.name, environment = var.environment, made-by = "tenon" }, var.tags)') },
        ],
      },
    },
  ];
}

/** The target of a first run, before there are images and values of secrets. */
function prepareBlock(deployment: Deployment, isPerUnit: boolean): Block {
  const repositories = new Set(deployment.units.map((unit) => `aws_ecr_repository.${repositoryOf(unit, isPerUnit)}`));
  const secrets = storedSecrets(deployment).map((source) => `aws_secretsmanager_secret.${secretLabel(source)}`);
  return resource("terraform_data", "prepare", {
    depends_on: ["data.aws_caller_identity.current", ...repositories, ...secrets],
  });
}

const steps: CloudSteps = {
  logIn:
    "aws ecr get-login-password | docker login --username AWS --password-stdin REGISTRY   # or a credential helper",
  fillSecret: "aws secretsmanager put-secret-value --secret-id NAME --secret-string VALUE",
};

const notes = [
  "Security groups let processes open connections to port 443 everywhere, for images, secrets, logs, buckets and what the code asks outside: AWS has no names in security groups. Set up VPC endpoints and a firewall where that is too wide.",
  "Two resources end in a star: `ecr:GetAuthorizationToken` has no narrower one, and the names of log streams, below the process's own log group, are made when it starts. Objects of a bucket are its ARN and everything below.",
];

const backendExample = `# Where Terraform keeps its state; this file is yours. Without a backend the state is a file in this folder.
#
# terraform {
#   backend "s3" {
#     bucket       = "my-terraform-state"
#     key          = "shop/production.tfstate"
#     region       = "eu-central-1"
#     use_lockfile = true
#   }
# }
`;
