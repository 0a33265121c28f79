// `tenon deploy terraform --cloud aws|google|azure`: the container service, database server, stores and identities of a cloud, as Terraform JSON,
// which Terraform and OpenTofu run.
import type { Target } from "../../target.ts";
import { render } from "./render.ts";
import { cloudOf, terraformResources } from "./resources.ts";
import { settings } from "./settings.ts";

export const terraformTarget: Target = {
  name: "terraform",
  summary: "container services of AWS, Google Cloud or Azure, with what the app needs beside them",
  settings,
  render,
  resourcesIn: terraformResources,
  nextSteps: (input) => cloudOf(input).nextSteps(input),
};
