// The sample app as a Compose file, with settings as the command would read them.
import { deriveDeployment } from "../../deployment/derive-deployment.ts";
import type { Placement } from "../../deployment/placement.ts";
import { sampleGraph } from "../../deployment/sample-graph.test.support.ts";
import { readSettings } from "../../settings.ts";
import type { TargetInput } from "../../target.ts";
import type { ComposeFile } from "./compose-file.ts";
import { resources } from "./resources.ts";
import { composeSettings } from "./settings.ts";
import { composeTarget } from "./target.ts";

export function sampleInput(given: unknown = {}, placement: Placement = "per-service"): TargetInput {
  const deployment = deriveDeployment(sampleGraph, placement);
  return { deployment, graph: sampleGraph, settings: readSettings(composeTarget, given, {}) };
}

export function sampleCompose(given: unknown = {}, placement: Placement = "per-service"): ComposeFile {
  const { deployment, settings } = sampleInput(given, placement);
  return resources(deployment, composeSettings(settings));
}
