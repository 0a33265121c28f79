// What any deployment to Google Cloud begins with: the providers, what a first run makes, and the place for images.
import type { Deployment } from "../../../deployment/deployment.ts";
import type { SettingValues } from "../../../target.ts";
import { type Block, data, local, output, ref, resource } from "../blocks.ts";
import { secretLabel } from "../needed-secrets.ts";
import { imagePrefixOutput } from "../next-steps.ts";
import { storedSecrets } from "./secrets.ts";

export function providerBlocks(): readonly Block[] {
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

export function sharedLocals(): readonly Block[] {
  return [
    data("google_project", "main", {}),
    local("labels", ref('merge({ app = var.name, environment = var.environment, made-by = "tenon" }, var.tags)')),
  ];
}

/** The target of a first run, before there are images and values of secrets. */
export function prepareBlock(deployment: Deployment): Block {
  const secrets = storedSecrets(deployment).map((source) => `google_secret_manager_secret.${secretLabel(source)}`);
  return resource("terraform_data", "prepare", { depends_on: ["google_artifact_registry_repository.app", ...secrets] });
}

export const imagePrefix = `${ref("var.region")}-docker.pkg.dev/${ref("var.project")}/${ref("google_artifact_registry_repository.app.repository_id")}`;

export function imageBlocks({ app }: Deployment, settings: SettingValues): readonly Block[] {
  const prefix = typeof settings["imagePrefix"] === "string" ? settings["imagePrefix"] : app;
  return [
    resource("google_artifact_registry_repository", "app", {
      repository_id: prefix.replaceAll(/[^a-z0-9-]+/g, "-"),
      location: ref("var.region"),
      format: "DOCKER",
      description: `Images of ${app}.`,
      labels: ref("local.labels"),
    }),
    output(imagePrefixOutput, "What the names of the images begin with.", imagePrefix),
  ];
}

export const backendExample = `# Where Terraform keeps its state; this file is yours. Without a backend the state is a file in this folder.
#
# terraform {
#   backend "gcs" {
#     bucket = "my-terraform-state"
#     prefix = "shop/production"
#   }
# }
`;
