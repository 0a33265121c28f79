// Objects -> files.
import type { GeneratedFile } from "../../files/generated-file.ts";
import type { TargetInput } from "../../target.ts";
import { functionUnits } from "../functions/function-units.ts";
import { packageScript } from "../functions/package-script.ts";
import { functionInfra } from "../functions/places.ts";
import { deployScript } from "./deploy-script.ts";
import { entryText } from "./entry-text.ts";
import { functionsOf, schedulesOf } from "./resources.ts";
import { gcfSettings } from "./settings.ts";

/** Cloud Storage as the service account of the function: there is no key to keep. */
const objectStorage = { type: "gcs" };

/** Throws DeployError `setting_invalid`, `target_unable`. */
export function render(input: TargetInput): readonly GeneratedFile[] {
  const { deployment, graph } = input;
  const settings = gcfSettings(input.settings);
  const { units } = functionUnits(input, settings);
  const functions = functionsOf(deployment, units, settings);
  const schedules = schedulesOf(deployment, units, graph.cronJobs ?? []);
  return [
    { path: "deploy.sh", text: deployScript(functions, schedules, settings), isExecutable: true },
    { path: "index.js", text: entryText },
    packageScript(units, "index.js", [
      '(cd "$folder" && npm pkg set main=index.js dependencies.@google-cloud/functions-framework=^5.0.5)',
    ]),
    ...units.map((unit) => ({
      path: `infra/${unit.name}.json`,
      text: `${JSON.stringify(functionInfra(deployment, unit, settings, { cloud: "gcp", objectStorage }), null, 2)}\n`,
    })),
  ];
}
