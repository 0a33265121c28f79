// What a person does with the files of any cloud, in order: prepare, push the images, fill in secrets, apply.
import type { SettingValues, TargetInput } from "../../target.ts";
import { isBrokerManaged, runsOnKubernetes } from "./settings.ts";

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
  /** Package of the engine for the cloud's broker; absent: it has none. */
  readonly brokerAdapter?: string;
}

export function nextSteps(input: TargetInput, steps: CloudSteps): readonly string[] {
  return runsOnKubernetes(input) ? clusterSteps(input, steps) : containerSteps(input, steps);
}

/** Nothing of what Terraform makes runs: it is there before images are. */
function clusterSteps(input: TargetInput, { enable, logIn, fillSecret, brokerAdapter }: CloudSteps): readonly string[] {
  const { deployment, settings } = input;
  return [
    "cp terraform.tfvars.json.example terraform.tfvars.json   # and fill it in",
    ...(enable === undefined ? [] : [enable]),
    "terraform init && terraform apply",
    ...(deployment.secrets.length === 0 ? [] : [fillLine(fillSecret)]),
    "sh prepare-cluster.sh   # with kubectl at the cluster",
    'terraform output -json kubernetes_settings   # put it into tenon.json: {"deploy": {"kubernetes": ...}}',
    logIn,
    ...adapterSteps(input, brokerAdapter),
    pushStep(settings),
    "tenon deploy kubernetes --tag TAG",
  ];
}

function containerSteps(input: TargetInput, steps: CloudSteps): readonly string[] {
  const { deployment, settings } = input;
  const { enable, logIn, fillSecret, brokerAdapter } = steps;
  return [
    "cp terraform.tfvars.json.example terraform.tfvars.json   # and fill it in",
    ...(enable === undefined ? [] : [enable]),
    "terraform init && terraform apply -target=terraform_data.prepare",
    logIn,
    ...adapterSteps(input, brokerAdapter),
    pushStep(settings),
    ...(deployment.secrets.length === 0 ? [] : [fillLine(fillSecret)]),
    "terraform apply",
  ];
}

function fillLine(command: string): string {
  return `${command}   # for each of \`terraform output secrets_to_fill\``;
}

/** Images have the engine of the broker in them. */
function adapterSteps(input: TargetInput, adapter: string | undefined): readonly string[] {
  return isBrokerManaged(input) && input.deployment.topics.length > 0 ? [`npm install ${adapter}`] : [];
}

function pushStep({ tag, perUnitImages }: SettingValues): string {
  const perUnit = perUnitImages === true ? " --per-unit" : "";
  return `tenon build && tenon image --push --image-prefix "$(terraform output -raw ${imagePrefixOutput})" --tag ${tag}${perUnit}`;
}
