// The files of the target: objects in one of three formats, and the list of values that the app's Secret must have.
import type { GeneratedFile } from "../../files/generated-file.ts";
import type { TargetInput } from "../../target.ts";
import { writtenOut } from "./open-values.ts";
import { messagesDatabase, passwordVariable } from "../../deployment/variables.ts";
import { type KubernetesSettings, readKubernetesSettings } from "./read-settings.ts";
import { renderHelm } from "./render-helm.ts";
import { renderKustomize } from "./render-kustomize.ts";
import { renderPlain } from "./render-plain.ts";
import { kubernetesResources } from "./resources.ts";

const SECRETS_FILE = "secrets.example.env";

/** Throws DeployError. */
export function renderKubernetes(input: TargetInput): readonly GeneratedFile[] {
  const { deployment } = input;
  const settings = readKubernetesSettings(input);
  const { secretKeys } = kubernetesResources(deployment, settings, writtenOut(deployment, settings));
  const render = { kustomize: renderKustomize, yaml: renderPlain, helm: renderHelm }[settings.format];
  return [...render(deployment, settings), { path: SECRETS_FILE, text: secretsText(secretKeys, settings) }];
}

export function createSecretLine({ secretName, namespace }: KubernetesSettings): string {
  return `kubectl create secret generic ${secretName} --namespace ${namespace} --from-env-file=secrets.env`;
}

function secretsText(keys: readonly string[], settings: KubernetesSettings): string {
  const messages = passwordVariable(messagesDatabase);
  const urlSafe = keys.includes(messages)
    ? `# ${messages} stands in an address: letters, digits, "-" and "_" only.\n`
    : "";
  return `# Every key of the Secret "${settings.secretName}". Copy this to secrets.env, fill it in, keep it out of the repository, then:
#   ${createSecretLine(settings)}
${urlSafe}${keys.map((key) => `${key}=\n`).join("")}`;
}
