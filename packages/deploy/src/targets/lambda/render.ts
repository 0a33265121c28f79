// Objects -> files.
import { stringify } from "yaml";
import type { GeneratedFile } from "../../files/generated-file.ts";
import type { TargetInput } from "../../target.ts";
import { functionUnits } from "../functions/function-units.ts";
import { packageScript } from "../functions/package-script.ts";
import { functionInfra } from "../functions/places.ts";
import { entryText } from "./entry-text.ts";
import { templateOf } from "./resources.ts";
import { lambdaSettings } from "./settings.ts";

const heading = `# Made by \`tenon deploy lambda\`, which makes it again after a change of the app. Code is what ./package.sh has put into packages/.
`;

/** CloudFormation reads YAML 1.1, where a plain OFF is false. */
const yamlOptions = { version: "1.1", aliasDuplicateObjects: false, lineWidth: 0 } as const;

/** Keys and secrets of the role of the function are what AWS puts into its environment. */
const objectStorage = { type: "s3", region: { $env: "AWS_REGION" } };

/** Throws DeployError `setting_invalid`, `target_unable`. */
export function render(input: TargetInput): readonly GeneratedFile[] {
  const { deployment, graph } = input;
  const settings = lambdaSettings(input.settings);
  const { units } = functionUnits(input, settings);
  const template = templateOf(deployment, units, graph.cronJobs ?? [], settings);
  return [
    { path: "template.yaml", text: `${heading}${stringify(template, yamlOptions)}` },
    { path: "lambda.mjs", text: entryText },
    packageScript(units, "lambda.mjs"),
    ...units.map((unit) => ({
      path: `infra/${unit.name}.json`,
      text: `${JSON.stringify(functionInfra(deployment, unit, settings, { cloud: "aws", objectStorage }), null, 2)}\n`,
    })),
  ];
}
