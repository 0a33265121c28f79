// What a person does with the files of any cloud, in order: prepare, push the images, fill in secrets, apply.
import type { SettingValues, TargetInput } from "../../target.ts";

/** Output of Terraform with what the names of the images begin with. */
export const imagePrefixOutput = "image_prefix";

/** The commands in which clouds differ. */
export interface CloudSteps {
  /** Before anything else. */
  readonly enable?: string;
  /** Lets this machine push to the cloud's registry. */
  readonly logIn: string;
  /** Writes the value of one secret. */
  readonly fillSecret: string;
}

export function nextSteps(
  { deployment, settings }: TargetInput,
  { enable, logIn, fillSecret }: CloudSteps,
): readonly string[] {
  const fill = `${fillSecret}   # for each of \`terraform output secrets_to_fill\``;
  return [
    "cp terraform.tfvars.json.example terraform.tfvars.json   # and fill it in",
    ...(enable === undefined ? [] : [enable]),
    "terraform init && terraform apply -target=terraform_data.prepare",
    logIn,
    pushStep(settings),
    ...(deployment.secrets.length === 0 ? [] : [fill]),
    "terraform apply",
  ];
}

function pushStep({ tag, perUnitImages }: SettingValues): string {
  const perUnit = perUnitImages === true ? " --per-unit" : "";
  return `tenon build && tenon image --push --image-prefix "$(terraform output -raw ${imagePrefixOutput})" --tag ${tag}${perUnit}`;
}
