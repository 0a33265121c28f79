// What any deployment to AWS begins with: the providers, and what a first run makes.
import type { Deployment } from "../../../deployment/deployment.ts";
import { type Block, ref, resource } from "../blocks.ts";
import { secretLabel } from "../needed-secrets.ts";
import { repositoryOf } from "./images.ts";
import { storedSecrets } from "./secrets.ts";

export function providerBlocks(hasDatabase: boolean): readonly Block[] {
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
export function prepareBlock(deployment: Deployment, isPerUnit: boolean): Block {
  const repositories = new Set(deployment.units.map((unit) => `aws_ecr_repository.${repositoryOf(unit, isPerUnit)}`));
  const secrets = storedSecrets(deployment).map((source) => `aws_secretsmanager_secret.${secretLabel(source)}`);
  return resource("terraform_data", "prepare", {
    depends_on: ["data.aws_caller_identity.current", ...repositories, ...secrets],
  });
}

export const backendExample = `# Where Terraform keeps its state; this file is yours. Without a backend the state is a file in this folder.
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
