// The command that puts the app's images where the deployment looks for them.
import type { SettingValues } from "../../target.ts";

/** Output of Terraform with what the names of the images begin with. */
export const imagePrefixOutput = "image_prefix";

export function pushStep({ tag, perUnitImages }: SettingValues): string {
  const perUnit = perUnitImages === true ? " --per-unit" : "";
  return `tenon build && tenon image --push --image-prefix "$(terraform output -raw ${imagePrefixOutput})" --tag ${tag}${perUnit}`;
}
