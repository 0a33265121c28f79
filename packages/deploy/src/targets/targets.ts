// Every target of `tenon deploy`, in the order in which the help shows them.
import { DeployError } from "../deploy-error.ts";
import type { Target } from "../target.ts";
import { azureFunctionsTarget } from "./azure-functions/target.ts";
import { composeTarget } from "./compose/target.ts";
import { gcfTarget } from "./gcf/target.ts";
import { kubernetesTarget } from "./kubernetes/target.ts";
import { azurePipelinesTarget, githubTarget, gitlabTarget } from "./pipelines/target.ts";
import { lambdaTarget } from "./lambda/target.ts";
import { terraformTarget } from "./terraform/target.ts";
import { vmTarget } from "./vm/target.ts";

export const targets: readonly Target[] = [
  composeTarget,
  kubernetesTarget,
  vmTarget,
  terraformTarget,
  githubTarget,
  gitlabTarget,
  azurePipelinesTarget,
  lambdaTarget,
  gcfTarget,
  azureFunctionsTarget,
];

/** Throws DeployError `unknown_target`. */
export function findTarget(name: string): Target {
  const target = targets.find((one) => one.name === name || one.aliases?.includes(name));
  if (target !== undefined) return target;
  const known = targets.map((one) => one.name).join(", ");
  throw new DeployError("unknown_target", `there is no target "${name}"`, `There are ${known}.`);
}
