// Azure: Container Apps, Azure Database for PostgreSQL, Managed Redis, Key Vault.
import type { Deployment } from "../../../deployment/deployment.ts";
import type { SettingValues, TargetInput } from "../../../target.ts";
import { type Block, local, output, ref, resource } from "../blocks.ts";
import type { Cloud, CloudResources } from "../cloud.ts";
import { databaseNames } from "../needed-secrets.ts";
import { type CloudPlaces, doorUnit, infraLocals } from "../process-settings.ts";
import { type CloudSteps, imagePrefixOutput, nextSteps } from "../next-steps.ts";
import { assignmentsOf, grantsOf, unguardedGrants, vaultNames } from "./grants.ts";
import { identityBlocks } from "./identities.ts";
import { jobBlocks, provisionAssignments, runJobScript } from "./jobs.ts";
import { networkBlocks } from "./network.ts";
import { place } from "./place.ts";
import { secretBlocks, storedSecrets } from "./secrets.ts";
import { doorUrl, imagePrefix, internalUrl, serviceBlocks } from "./services.ts";
import { cacheBlocks, cachePlace, databaseBlocks, databaseServer, refuseBuckets } from "./stores.ts";
import { exampleValues, variableBlocks } from "./variables.ts";

export const azure: Cloud = { resources: azureResources, nextSteps: (input) => nextSteps(input, steps) };

/** Throws DeployError `target_unable`. */
function azureResources({ deployment, settings }: TargetInput): CloudResources {
  refuseBuckets(deployment);
  const hasDatabase = databaseNames(deployment).length > 0;
  const assignments = [...assignmentsOf(deployment), ...(hasDatabase ? provisionAssignments(deployment) : [])];
  const identities = [...deployment.units.map(({ name }) => name), ...(hasDatabase ? ["provision"] : [])];
  return {
    files: {
      main: [...providerBlocks(), ...groupBlocks(), prepareBlock(deployment)],
      variables: variableBlocks(deployment, settings),
      images: imageBlocks(deployment, settings),
      identities: identityBlocks(identities, assignments),
      network: networkBlocks(hasDatabase),
      secrets: secretBlocks(deployment),
      stores: [...(hasDatabase ? databaseBlocks() : []), ...cacheBlocks(deployment)],
      infra: infraLocals(deployment, places),
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

const places: CloudPlaces = {
  cloud: "azure",
  publicUrl: ref("local.public_url"),
  internalUrl,
  databaseServer,
  redis: cachePlace,
  // Refused before.
  objectStorage: () => ({}),
};

function providerBlocks(): readonly Block[] {
  return [
    {
      path: ["terraform"],
      body: {
        // Values that are in no state need it: Terraform and OpenTofu alike.
        required_version: ">= 1.11.0",
        required_providers: {
          azurerm: { source: "hashicorp/azurerm", version: ">= 4.70.0, < 5.0.0" },
          random: { source: "hashicorp/random", version: ">= 3.7.0, < 4.0.0" },
        },
      },
    },
    { path: ["provider", "azurerm"], body: { subscription_id: ref("var.subscription_id"), features: [{}] } },
  ];
}

function groupBlocks(): readonly Block[] {
  return [
    local("tags", ref('merge({ app = var.name, environment = var.environment, made-by = "tenon" }, var.tags)')),
    resource("azurerm_resource_group", "main", {
      name: ref("var.name"),
      location: ref("var.location"),
      tags: ref("local.tags"),
    }),
  ];
}

/** The target of a first run, before there are images and values of secrets. */
function prepareBlock(deployment: Deployment): Block {
  const secrets = storedSecrets(deployment).map((source) => `azurerm_key_vault_secret.${vaultNames(source).label}`);
  return resource("terraform_data", "prepare", { depends_on: ["azurerm_container_registry.main", ...secrets] });
}

function imageBlocks(deployment: Deployment, settings: SettingValues): readonly Block[] {
  return [
    resource("azurerm_container_registry", "main", {
      ...place(),
      name: ref("var.registry_name"),
      sku: "Basic",
      admin_enabled: false,
    }),
    output(imagePrefixOutput, "What the names of the images begin with.", imagePrefix(deployment.app, settings)),
  ];
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

const backendExample = `# Where Terraform keeps its state; this file is yours. Without a backend the state is a file in this folder.
#
# terraform {
#   backend "azurerm" {
#     resource_group_name  = "terraform"
#     storage_account_name = "myterraformstate"
#     container_name       = "state"
#     key                  = "shop/production.tfstate"
#   }
# }
`;
