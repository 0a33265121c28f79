// What others use of this package.
export { DeployError, type DeployErrorCode, deployErrors } from "./deploy-error.ts";
export {
  calledUnits,
  type DeployedDatabase,
  type Deployment,
  type Edge,
  type EdgeOf,
  edgesOf,
  type Unit,
  usesTopics,
} from "./deployment/deployment.ts";
export { deriveDeployment } from "./deployment/derive-deployment.ts";
export { type Placement, readPlacement } from "./deployment/placement.ts";
export { type Places, unitInfra } from "./deployment/unit-infra.ts";
export { diffResources, type ResourceChange, type Resources } from "./files/diff-resources.ts";
export type { GeneratedFile } from "./files/generated-file.ts";
export { type FileAction, type PlannedFile, planFiles } from "./files/plan-files.ts";
export { writeFiles } from "./files/write-files.ts";
export { optionName, readSettings } from "./settings.ts";
export type { Setting, SettingValue, SettingValues, Target, TargetInput } from "./target.ts";
export { findTarget, targets } from "./targets/targets.ts";
