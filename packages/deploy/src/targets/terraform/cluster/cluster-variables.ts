// What has to be known of a cluster that is there already, in every cloud.
import type { Deployment } from "../../../deployment/deployment.ts";
import { type Block, variable } from "../blocks.ts";
import { baseVariables, input, type NameLimit } from "../variables.ts";

/** Throws DeployError `name_not_deployable`. */
export function clusterVariables(deployment: Deployment, limit: NameLimit): readonly Block[] {
  return [
    ...baseVariables(deployment, limit),
    variable(
      "namespace",
      input("string", "Namespace of the app in the cluster.", { default: deployment.app, check: namespaceCheck }),
    ),
    variable(
      "secrets_version",
      input("number", "One more makes new passwords and a new key; run prepare-cluster.sh after it.", { default: 1 }),
    ),
  ];
}

const namespaceCheck = {
  test: 'can(regex("^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$", var.namespace))',
  message: "Lower-case letters, digits and dashes, 63 at most.",
};
