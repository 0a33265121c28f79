// The sample app on machines, for tests of this target.
import type { Graph } from "@tenon/model";
import { deriveDeployment } from "../../deployment/derive-deployment.ts";
import type { Placement } from "../../deployment/placement.ts";
import { sampleGraph } from "../../deployment/sample-graph.test.support.ts";
import { readSettings } from "../../settings.ts";
import type { TargetInput } from "../../target.ts";
import { settings } from "./settings.ts";

export function sampleInput(
  given: Readonly<Record<string, unknown>> = {},
  { graph = sampleGraph, placement = "per-service" }: { graph?: Graph; placement?: Placement } = {},
): TargetInput {
  return {
    deployment: deriveDeployment(graph, placement),
    graph,
    settings: readSettings({ name: "vm", settings }, given, {}),
  };
}
