// What any deployment to Azure begins with: the provider, the resource group, what a first run makes, and the registry.
import type { Deployment } from "../../../deployment/deployment.ts";
import type { SettingValues } from "../../../target.ts";
import { type Block, local, output, ref, resource } from "../blocks.ts";
import { imagePrefixOutput } from "../next-steps.ts";
import { vaultNames } from "./grants.ts";
import { place } from "./place.ts";
import { storedSecrets } from "./secrets.ts";
import { imagePrefix } from "./services.ts";

export function providerBlocks(): readonly Block[] {
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
    // Storage accounts are asked by Azure's own API alone: nobody has their keys.
    {
      path: ["provider", "azurerm"],
      body: { subscription_id: ref("var.subscription_id"), features: [{ storage: [{ data_plane_available: false }] }] },
    },
  ];
}

export function groupBlocks(): readonly Block[] {
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
export function prepareBlock(deployment: Deployment): Block {
  const secrets = storedSecrets(deployment).map((source) => `azurerm_key_vault_secret.${vaultNames(source).label}`);
  return resource("terraform_data", "prepare", { depends_on: ["azurerm_container_registry.main", ...secrets] });
}

export function imageBlocks(deployment: Deployment, settings: SettingValues): readonly Block[] {
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

export const backendExample = `# Where Terraform keeps its state; this file is yours. Without a backend the state is a file in this folder.
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
