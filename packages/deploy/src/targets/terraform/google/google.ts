// Google Cloud: Cloud Run, Cloud SQL, Memorystore, Cloud Storage, Secret Manager.
import type { Deployment } from "../../../deployment/deployment.ts";
import { withoutTopics } from "../../../deployment/topic-uses.ts";
import type { TargetInput } from "../../../target.ts";
import { type Block, local, output, ref } from "../blocks.ts";
import type { Cloud, CloudResources } from "../cloud.ts";
import { databaseNames } from "../needed-secrets.ts";
import { type CloudPlaces, doorUnit, infraLocals } from "../process-settings.ts";
import { type CloudSteps, nextSteps } from "../next-steps.ts";
import { subscriptionsNeeded } from "../broker-needs.ts";
import { isBrokerManaged, runsOnKubernetes } from "../settings.ts";
import { brokerBindings, brokerBlocks, brokerNote, brokerPlace } from "./broker.ts";
import { clusterResources } from "./cluster.ts";
import { bindingsOf, grantsOf, openingsOf } from "./grants.ts";
import { identityBlocks } from "./identities.ts";
import { jobBlocks, provisionBindings, provisionOpenings } from "./jobs.ts";
import { backendExample, imageBlocks, prepareBlock, providerBlocks, sharedLocals } from "./main.ts";
import { networkBlocks } from "./network.ts";
import { secretBlocks } from "./secrets.ts";
import { serviceBlocks, serviceUrl, shutdownSeconds } from "./services.ts";
import { bucketBlocks, cacheBlocks, cachePlace, databaseBlocks, databaseServer, objectStorage } from "./stores.ts";
import { exampleValues, variableBlocks } from "./variables.ts";

export const google: Cloud = {
  resources: (input) => (runsOnKubernetes(input) ? clusterResources(input) : containerResources(input)),
  nextSteps: (input) => nextSteps(input, steps),
};

function containerResources(input: TargetInput): CloudResources {
  const { settings } = input;
  const isManaged = isBrokerManaged(input);
  const deployment = isManaged ? withoutTopics(input.deployment) : input.deployment;
  const hasDatabase = databaseNames(deployment).length > 0;
  const bindings = [
    ...bindingsOf(deployment),
    ...(isManaged ? brokerBindings(input.deployment) : []),
    ...(hasDatabase ? provisionBindings(deployment) : []),
  ];
  const openings = [...openingsOf(deployment), ...(hasDatabase ? provisionOpenings : [])];
  const tags = [...deployment.units.map(({ name }) => name), ...(hasDatabase ? ["provision"] : [])];
  return {
    files: {
      main: [...providerBlocks(), prepareBlock(deployment), ...sharedLocals()],
      variables: variableBlocks(deployment, settings),
      images: imageBlocks(deployment, settings),
      identities: identityBlocks(deployment.units, bindings),
      network: networkBlocks(deployment, openings, tags),
      secrets: secretBlocks(deployment),
      stores: [...(hasDatabase ? databaseBlocks() : []), ...cacheBlocks(deployment), ...bucketBlocks(deployment)],
      broker: isManaged ? brokerBlocks(input.deployment) : [],
      infra: infraLocals(input.deployment, placesOf(input)),
      jobs: jobBlocks(deployment, settings),
      services: serviceBlocks(deployment, settings, (unit) => subscriptionsNeeded(input, unit)),
      entry: entryBlocks(deployment),
    },
    grants: grantsOf(bindings, openings),
    notes: isManaged && input.deployment.topics.length > 0 ? [...notes, brokerNote] : notes,
    scripts: {},
    exampleValues,
    backendExample,
  };
}

function placesOf(input: TargetInput): CloudPlaces {
  const { deployment } = input;
  return {
    cloud: "gcp",
    publicUrl: ref("local.public_url"),
    shutdownSeconds,
    internalUrl: serviceUrl,
    // Cloud Run asks each caller who it is.
    callerIdentity: "google",
    databaseServer,
    redis: cachePlace,
    ...(isBrokerManaged(input) ? { pubsub: (unit: string) => brokerPlace(deployment, unit) } : {}),
    objectStorage: (buckets) => objectStorage(deployment, buckets),
  };
}

function entryBlocks(deployment: Deployment): readonly Block[] {
  return [
    local("public_url", ref(`coalesce(var.public_url, "${serviceUrl(doorUnit(deployment).name)}")`)),
    output("url", "Where the app is reached.", ref("local.public_url")),
  ];
}

const apis =
  "artifactregistry cloudresourcemanager compute iam iamcredentials pubsub redis run secretmanager servicenetworking sqladmin storage";

const steps: CloudSteps = {
  enable: `gcloud services enable ${apis
    .split(" ")
    .map((api) => `${api}.googleapis.com`)
    .join(" ")}`,
  logIn: "gcloud auth configure-docker REGION-docker.pkg.dev",
  fillSecret: "gcloud secrets versions add NAME --data-file=FILE",
  brokerAdapter: "@tenon/gcp-pubsub",
};

const notes = [
  "Cloud Run asks each caller for an identity token of its service account: a process that may not invoke another is refused by Google before a request reaches it. The processes' own key is checked behind that.",
  "Firewall rules hold for the servers' range of addresses, by network tag. What the code asks outside is not limited by them.",
];
