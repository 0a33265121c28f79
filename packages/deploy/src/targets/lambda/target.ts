// `tenon deploy lambda`: a function of AWS Lambda for each process, described for CloudFormation.
import { parse } from "yaml";
import type { Resources } from "../../files/diff-resources.ts";
import type { Target } from "../../target.ts";
import { render } from "./render.ts";
import { settings } from "./settings.ts";

export const lambdaTarget: Target = {
  name: "lambda",
  summary: "AWS Lambda: a function for each process, with schedules, queues and roles, as a CloudFormation template",
  settings,
  render,
  resourcesIn,
  nextSteps: ({ deployment: { app } }) => [
    "./package.sh",
    "aws cloudformation package --template-file template.yaml --s3-bucket BUCKET --output-template-file packaged.yaml",
    `aws cloudformation deploy --template-file packaged.yaml --stack-name ${app} --capabilities CAPABILITY_IAM`,
  ],
};

function resourcesIn(path: string, text: string): Resources | undefined {
  const infra = /^infra\/([^/]+)\.json$/.exec(path)?.[1];
  try {
    if (infra !== undefined) return new Map([[`infra/${infra}`, JSON.parse(text)]]);
    if (path !== "template.yaml") return undefined;
    const { Resources: resources = {}, Parameters: parameters = {} } = parse(text) as Record<
      string,
      Record<string, unknown>
    >;
    return new Map([
      ...Object.entries(resources).map(([id, value]) => [`resource/${id}`, value] as const),
      ...Object.entries(parameters).map(([id, value]) => [`parameter/${id}`, value] as const),
    ]);
  } catch {
    // Somebody's edit that is no longer YAML or JSON is compared line by line.
    return undefined;
  }
}
