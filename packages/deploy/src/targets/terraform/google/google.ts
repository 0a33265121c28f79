// Google Cloud: Cloud Run, Cloud SQL, Memorystore, Cloud Storage, Secret Manager.
import type { Deployment } from "../../../deployment/deployment.ts";
import type { SettingValues, TargetInput } from "../../../target.ts";
import { type Block, data, local, output, ref, resource } from "../blocks.ts";
import type { Cloud, CloudResources } from "../cloud.ts";
import { databaseNames, secretLabel } from "../needed-secrets.ts";
import { type CloudPlaces, doorUnit, infraLocals } from "../process-settings.ts";
import { type CloudSteps, imagePrefixOutput, nextSteps } from "../next-steps.ts";
import { bindingsOf, grantsOf, openingsOf } from "./grants.ts";
import { identityBlocks } from "./identities.ts";
import { jobBlocks, provisionBindings, provisionOpenings } from "./jobs.ts";
import { networkBlocks } from "./network.ts";
import { secretBlocks, storedSecrets } from "./secrets.ts";
import { serviceBlocks, serviceUrl, shutdownSeconds } from "./services.ts";
import { bucketBlocks, cacheBlocks, cachePlace, databaseBlocks, databaseServer, objectStorage } from "./stores.ts";
import { exampleValues, variableBlocks } from "./variables.ts";

export const google: Cloud = { resources: googleResources, nextSteps: (input) => nextSteps(input, steps) };

function googleResources({ deployment, settings }: TargetInput): CloudResources {
  const hasDatabase = databaseNames(deployment).length > 0;
  const bindings = [...bindingsOf(deployment), ...(hasDatabase ? provisionBindings(deployment) : [])];
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
      infra: infraLocals(deployment, placesOf(deployment)),
      jobs: jobBlocks(deployment, settings),
      services: serviceBlocks(deployment, settings),
      entry: entryBlocks(deployment),
    },
    grants: grantsOf(bindings, openings),
    notes,
    scripts: {},
    exampleValues,
    backendExample,
  };
}

function placesOf(deployment: Deployment): CloudPlaces {
  return {
    cloud: "gcp",
    publicUrl: ref("local.public_url"),
    shutdownSeconds,
    internalUrl: serviceUrl,
    // Cloud Run asks each caller who it is.
    callerIdentity: "google",
    databaseServer,
    redis: cachePlace,
    objectStorage: (buckets) => objectStorage(deployment, buckets),
  };
}

function providerBlocks(): readonly Block[] {
  return [
    {
      path: ["terraform"],
      body: {
        // Values that are in no state need it: Terraform and OpenTofu alike.
        required_version: ">= 1.11.0",
        required_providers: {
          google: { source: "hashicorp/google", version: ">= 6.50.0, < 7.0.0" },
          random: { source: "hashicorp/random", version: ">= 3.7.0, < 4.0.0" },
        },
      },
    },
    { path: ["provider", "google"], body: { project: ref("var.project"), region: ref("var.region") } },
  ];
}

function sharedLocals(): readonly Block[] {
  return [
    data("google_project", "main", {}),
    local("labels", ref('merge({ app = var.name, environment = var.environment, made-by = "tenon" }, var.tags)')),
  ];
}

/** The target of a first run, before there are images and values of secrets. */
function prepareBlock(deployment: Deployment): Block {
  const secrets = storedSecrets(deployment).map((source) => `google_secret_manager_secret.${secretLabel(source)}`);
  return resource("terraform_data", "prepare", { depends_on: ["google_artifact_registry_repository.app", ...secrets] });
}

function imageBlocks({ app }: Deployment, settings: SettingValues): readonly Block[] {
  const prefix = typeof settings["imagePrefix"] === "string" ? settings["imagePrefix"] : app;
  return [
    resource("google_artifact_registry_repository", "app", {
      repository_id: prefix.replaceAll(/[^a-z0-9-]+/g, "-"),
      location: ref("var.region"),
      format: "DOCKER",
      description: `Images of ${app}.`,
      labels: ref("local.labels"),
    }),
    output(
      imagePrefixOutput,
      "What the names of the images begin with.",
      `${ref("var.region")}-docker.pkg.dev/${ref("var.project")}/${ref("google_artifact_registry_repository.app.repository_id")}`,
    ),
  ];
}

function entryBlocks(deployment: Deployment): readonly Block[] {
  return [
    local("public_url", ref(`coalesce(var.public_url, "${serviceUrl(doorUnit(deployment).name)}")`)),
    output("url", "Where the app is reached.", ref("local.public_url")),
  ];
}

const apis = "artifactregistry compute redis run secretmanager servicenetworking sqladmin storage";

const steps: CloudSteps = {
  enable: `gcloud services enable ${apis
    .split(" ")
    .map((api) => `${api}.googleapis.com`)
    .join(" ")}`,
  logIn: "gcloud auth configure-docker REGION-docker.pkg.dev",
  fillSecret: "gcloud secrets versions add NAME --data-file=FILE",
};

const notes = [
  "Cloud Run asks each caller for an identity token of its service account: a process that may not invoke another is refused by Google before a request reaches it. The processes' own key is checked behind that.",
  "Firewall rules hold for the servers' range of addresses, by network tag. What the code asks outside is not limited by them.",
];

const backendExample = `# Where Terraform keeps its state; this file is yours. Without a backend the state is a file in this folder.
#
# terraform {
#   backend "gcs" {
#     bucket = "my-terraform-state"
#     prefix = "shop/production"
#   }
# }
`;
