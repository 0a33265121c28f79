// Deployment -> what is made in the chosen cloud; and what stands in a file of ours, for `--diff`.
import { DeployError } from "../../deploy-error.ts";
import type { Resources } from "../../files/diff-resources.ts";
import type { TargetInput } from "../../target.ts";
import { aws } from "./aws/aws.ts";
import { azure } from "./azure/azure.ts";
import type { Cloud, CloudResources } from "./cloud.ts";
import { google } from "./google/google.ts";
import type { CloudName } from "./settings.ts";

const clouds: Readonly<Record<CloudName, Cloud>> = { aws, google, azure };

export function cloudOf({ settings }: TargetInput): Cloud {
  return clouds[settings["cloud"] as CloudName];
}

/** Throws DeployError `target_unable` where the cloud lacks something that the app needs. */
export function cloudResources(input: TargetInput): CloudResources {
  return cloudOf(input).resources(input);
}

/** "aws_ecs_service/orders", "variable/region", "data.aws_iam_policy_document/orders". undefined: the file is none of Terraform's. */
export function terraformResources(path: string, text: string): Resources | undefined {
  if (!path.endsWith(".tf.json")) return undefined;
  const found = new Map<string, unknown>();
  for (const [kind, content] of Object.entries(parse(path, text))) {
    if (kind === "terraform") found.set("terraform/settings", content);
    else if (kind === "resource" || kind === "data" || kind === "ephemeral") {
      const prefix = kind === "resource" ? "" : `${kind}.`;
      for (const [type, byName] of Object.entries(content)) {
        for (const [name, body] of Object.entries(byName as object)) found.set(`${prefix}${type}/${name}`, body);
      }
    } else for (const [name, body] of Object.entries(content)) found.set(`${kind}/${name}`, body);
  }
  return found;
}

function parse(path: string, text: string): Record<string, Record<string, unknown>> {
  try {
    return JSON.parse(text) as Record<string, Record<string, unknown>>;
  } catch (error) {
    const why = (error as Error).message;
    throw new DeployError(
      "target_unable",
      `${path} is no JSON: ${why}`,
      "Mend it or delete it, and run the command again.",
    );
  }
}
