// AWS: ECS on Fargate behind a load balancer, RDS, ElastiCache, S3, Secrets Manager.
import { withoutTopics } from "../../../deployment/topic-uses.ts";
import type { TargetInput } from "../../../target.ts";
import { label, ref } from "../blocks.ts";
import type { Cloud, CloudResources } from "../cloud.ts";
import { databaseNames } from "../needed-secrets.ts";
import { type CloudPlaces, infraLocals, internalPort, telemetryPort } from "../process-settings.ts";
import { type CloudSteps, nextSteps } from "../next-steps.ts";
import { subscriptionsNeeded } from "../broker-needs.ts";
import { isBrokerManaged, runsOnKubernetes } from "../settings.ts";
import { brokerBlocks, brokerPlace, brokerStatements } from "./broker.ts";
import { clusterResources } from "./cluster.ts";
import { entryBlocks } from "./entry.ts";
import { grantsOf, passagesOf, roleName, statementsOf } from "./grants.ts";
import { identityBlocks } from "./identities.ts";
import { imageBlocks } from "./images.ts";
import { jobBlocks, provisionPassages, provisionStatements, runTaskScript } from "./jobs.ts";
import { backendExample, prepareBlock, providerBlocks } from "./main.ts";
import { networkBlocks } from "./network.ts";
import { secretBlocks } from "./secrets.ts";
import { internalUrl, serviceBlocks } from "./services.ts";
import { bucketBlocks, cacheBlocks, cachePlace, databaseBlocks, databaseServer, objectStorage } from "./stores.ts";
import { logGroup, unitTask } from "./tasks.ts";
import { exampleValues, variableBlocks } from "./variables.ts";

export const aws: Cloud = {
  resources: (input) => (runsOnKubernetes(input) ? clusterResources(input) : containerResources(input)),
  nextSteps: (input) => nextSteps(input, steps),
};

function containerResources(input: TargetInput): CloudResources {
  const { settings } = input;
  const isManaged = isBrokerManaged(input);
  const deployment = isManaged ? withoutTopics(input.deployment) : input.deployment;
  const isPerUnit = settings["perUnitImages"] === true;
  const hasDatabase = databaseNames(deployment).length > 0;
  const statements = [
    ...statementsOf(deployment, isPerUnit),
    ...(isManaged ? brokerStatements(input.deployment) : []),
    ...(hasDatabase ? provisionStatements(deployment) : []),
  ];
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
      broker: isManaged ? brokerBlocks(input.deployment) : [],
      infra: infraLocals(input.deployment, placesOf(input)),
      tasks: deployment.units.flatMap((unit) => [
        ...unitTask(deployment, unit, settings),
        logGroup(label(unit.name), unit.name),
      ]),
      jobs: jobBlocks(deployment, settings, statements, passages),
      services: serviceBlocks(deployment, passages, (unit) => brokerNeeds(input, unit)),
      entry: entryBlocks(),
    },
    grants: grantsOf(statements, passages),
    notes,
    scripts: hasDatabase ? { "run-task.sh": runTaskScript } : {},
    exampleValues,
    backendExample,
  };
}

/** The engine looks at the queues when a process starts, and writes to them until it has ended. */
function brokerNeeds(input: TargetInput, unit: string): readonly string[] {
  const subscribed = subscriptionsNeeded(input, unit);
  return subscribed.length === 0 ? [] : [...subscribed, `aws_iam_role_policy.${roleName(unit, "run")}`];
}

function placesOf(input: TargetInput): CloudPlaces {
  const { deployment } = input;
  return {
    cloud: "aws",
    publicUrl: ref("local.public_url"),
    internalUrl: (unit) => internalUrl(unit, internalPort),
    databaseServer,
    redis: cachePlace,
    ...(isBrokerManaged(input) ? { pubsub: (unit: string) => brokerPlace(deployment, unit) } : {}),
    objectStorage: (buckets) => objectStorage(deployment, buckets),
  };
}

const steps: CloudSteps = {
  logIn:
    "aws ecr get-login-password | docker login --username AWS --password-stdin REGISTRY   # or a credential helper",
  fillSecret: "aws secretsmanager put-secret-value --secret-id NAME --secret-string VALUE",
  brokerAdapter: "@tenon/aws-sns-sqs",
};

const notes = [
  "Security groups let processes open connections to port 443 everywhere, for images, secrets, logs, buckets and what the code asks outside: AWS has no names in security groups. Set up VPC endpoints and a firewall where that is too wide.",
  "Two resources end in a star: `ecr:GetAuthorizationToken` has no narrower one, and the names of log streams, below the process's own log group, are made when it starts. Objects of a bucket are its ARN and everything below.",
];
