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
export { createBlobCache } from "./image/blob-cache.ts";
export { dockerfile } from "./image/dockerfile.ts";
export type { Image, ImageCommand } from "./image/image.ts";
export { imageSettings } from "./image/image-settings.ts";
export { makeImage } from "./image/make-image.ts";
export { openBases } from "./image/open-bases.ts";
export { writeArchive } from "./image/output/write-archive.ts";
export { writeLayout } from "./image/output/write-layout.ts";
export { type PlannedImage, planServicesImage, planUnitImages, planWholeImage } from "./image/plan-images.ts";
export { hostPlatform, parsePlatform, platformText } from "./image/platform.ts";
export { type ImageReference, parseImageReference } from "./image/registry/image-reference.ts";
export { type PushedImage, pushImage } from "./image/registry/push-image.ts";
export { createRegistry, type Registry } from "./image/registry/registry.ts";
export { optionName, readSettings } from "./settings.ts";
export type { Setting, SettingValue, SettingValues, Target, TargetInput } from "./target.ts";
export { findTarget, targets } from "./targets/targets.ts";
