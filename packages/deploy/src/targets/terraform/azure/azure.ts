// Azure: Container Apps, Azure Database for PostgreSQL, Managed Redis, Blob Storage, Key Vault.
import type { Deployment } from "../../../deployment/deployment.ts";
import type { TargetInput } from "../../../target.ts";
import { type Block, local, output, ref } from "../blocks.ts";
import type { Cloud, CloudResources } from "../cloud.ts";
import { databaseNames } from "../needed-secrets.ts";
import { type CloudPlaces, doorUnit, infraLocals } from "../process-settings.ts";
import { type CloudSteps, nextSteps } from "../next-steps.ts";
import { runsOnKubernetes } from "../settings.ts";
import { refuseManagedBroker } from "./broker.ts";
import { bucketAssignments, bucketBlocks, objectStorage } from "./buckets.ts";
import { clusterResources } from "./cluster.ts";
import { assignmentsOf, grantsOf, unguardedGrants } from "./grants.ts";
import { identityBlocks } from "./identities.ts";
import { jobBlocks, provisionAssignments, runJobScript } from "./jobs.ts";
import { backendExample, groupBlocks, imageBlocks, prepareBlock, providerBlocks } from "./main.ts";
import { databaseNetwork, networkBlocks } from "./network.ts";
import { secretBlocks } from "./secrets.ts";
import { doorUrl, internalUrl, serviceBlocks } from "./services.ts";
import { cacheBlocks, cachePlace, databaseBlocks, databaseServer, inOwnSubnet } from "./stores.ts";
import { exampleValues, variableBlocks } from "./variables.ts";

export const azure: Cloud = { resources: azureResources, nextSteps: (input) => nextSteps(input, steps) };

/** Throws DeployError `target_unable`. */
function azureResources(input: TargetInput): CloudResources {
  refuseManagedBroker(input);
  return runsOnKubernetes(input) ? clusterResources(input) : containerResources(input);
}

function containerResources({ deployment, settings }: TargetInput): CloudResources {
  const hasDatabase = databaseNames(deployment).length > 0;
  const assignments = [
    ...assignmentsOf(deployment),
    ...bucketAssignments(deployment),
    ...(hasDatabase ? provisionAssignments(deployment) : []),
  ];
  const identities = [...deployment.units.map(({ name }) => name), ...(hasDatabase ? ["provision"] : [])];
  return {
    files: {
      main: [...providerBlocks(), ...groupBlocks(), prepareBlock(deployment)],
      variables: variableBlocks(deployment, settings),
      images: imageBlocks(deployment, settings),
      identities: identityBlocks(identities, assignments),
      network: [...networkBlocks(), ...(hasDatabase ? databaseNetwork() : [])],
      secrets: secretBlocks(deployment),
      stores: [
        ...(hasDatabase ? databaseBlocks(inOwnSubnet) : []),
        ...cacheBlocks(deployment),
        ...bucketBlocks(deployment),
      ],
      infra: infraLocals(deployment, placesOf(deployment)),
      jobs: jobBlocks(deployment, settings),
      services: serviceBlocks(deployment, settings),
      entry: entryBlocks(deployment),
    },
    grants: [...grantsOf(assignments), ...unguardedGrants(deployment)],
    notes,
    scripts: hasDatabase ? { "run-job.sh": runJobScript } : {},
    exampleValues: exampleValues(deployment),
    backendExample,
  };
}

function placesOf(deployment: Deployment): CloudPlaces {
  return {
    cloud: "azure",
    publicUrl: ref("local.public_url"),
    internalUrl,
    databaseServer,
    redis: cachePlace,
    objectStorage: (buckets) => objectStorage(deployment, buckets),
  };
}

function entryBlocks(deployment: Deployment): readonly Block[] {
  return [
    local("public_url", ref(`coalesce(var.public_url, "${doorUrl(doorUnit(deployment).name)}")`)),
    output("url", "Where the app is reached.", ref("local.public_url")),
  ];
}

const steps: CloudSteps = {
  logIn: "az acr login --name REGISTRY",
  fillSecret: "az keyvault secret set --vault-name VAULT --name NAME --value VALUE",
};

const notes = [
  "Container Apps of one environment can open connections to each other and to the database server's port: Azure has no rules between them. What guards them is the processes' key, which each request between them carries, and a role and a password of its own for each database. Where the network has to refuse too, use Kubernetes.",
  "Who runs Terraform may write secrets of the vault (`azurerm_role_assignment.operator`).",
];
