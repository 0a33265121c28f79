// `tenon deploy github`, `gitlab` and `azure-pipelines`: a pipeline that checks, tests, builds and deploys the app.
import { parse, stringify } from "yaml";
import type { Resources } from "../../files/diff-resources.ts";
import type { Target, TargetInput } from "../../target.ts";
import { azurePipeline } from "./render-azure.ts";
import { githubWorkflow } from "./render-github.ts";
import { gitlabPipeline } from "./render-gitlab.ts";
import { type Job, resources } from "./resources.ts";
import { type PipelineSettings, pipelineSettings, settings } from "./settings.ts";

interface Platform {
  readonly name: string;
  readonly summary: string;
  readonly outputFolder?: string;
  readonly file: string;
  pipeline(app: string, jobs: readonly Job[], settings: PipelineSettings): object;
  readonly nextStep: string;
}

export const githubTarget = pipelineTarget({
  name: "github",
  summary: "a workflow of GitHub Actions",
  // Where GitHub looks, and nowhere else.
  outputFolder: ".github/workflows",
  file: "tenon.yml",
  pipeline: githubWorkflow,
  nextStep: "commit it: GitHub runs what is in .github/workflows of the repository",
});

export const gitlabTarget = pipelineTarget({
  name: "gitlab",
  summary: "a pipeline of GitLab CI",
  file: "tenon.gitlab-ci.yml",
  pipeline: (_app, jobs, read) => gitlabPipeline(jobs, read),
  nextStep: "in .gitlab-ci.yml: include: [{ local: deploy/gitlab/tenon.gitlab-ci.yml }]",
});

export const azurePipelinesTarget = pipelineTarget({
  name: "azure-pipelines",
  summary: "a pipeline of Azure DevOps",
  file: "azure-pipelines.yml",
  pipeline: (_app, jobs, read) => azurePipeline(jobs, read),
  nextStep: "in Azure DevOps: a new pipeline from deploy/azure-pipelines/azure-pipelines.yml",
});

/** Quotes what YAML 1.1 takes for something else: GitLab's reader is of that version. */
const yamlOptions = { aliasDuplicateObjects: false, lineWidth: 0, nullStr: "", version: "1.1" } as const;

function pipelineTarget({ name, summary, outputFolder, file, pipeline, nextStep }: Platform): Target {
  return {
    name,
    summary,
    settings,
    ...(outputFolder === undefined ? {} : { outputFolder }),
    render({ deployment, settings: values }: TargetInput) {
      const read = pipelineSettings(values);
      const content = pipeline(deployment.app, resources(deployment, read), read);
      const text = stringify(content, yamlOptions);
      return [{ path: file, text: `${headingFor(name)}${text}` }];
    },
    resourcesIn,
    nextSteps: () => [nextStep, "docs/guides/pipelines.md says which secrets it needs"],
  };
}

function headingFor(name: string): string {
  return `# Made by \`tenon deploy ${name}\`. Every line below can be run by hand as well; docs/guides/pipelines.md says which secrets the jobs need.
`;
}

/** Jobs and stages; what stands beside them is one more. */
function resourcesIn(_path: string, text: string): Resources | undefined {
  try {
    const { jobs, stages, ...rest } = parse(text) as Readonly<Record<string, unknown>>;
    const resources = new Map<string, unknown>();
    for (const [name, job] of Object.entries(jobs ?? {})) resources.set(`job/${name}`, job);
    const isAzure = Array.isArray(stages) && typeof stages[0] === "object";
    for (const stage of isAzure ? stages : []) resources.set(`job/${stage.stage}`, stage);
    // GitLab's jobs stand beside everything else.
    const isOneByOne = resources.size === 0;
    for (const [name, value] of Object.entries(rest))
      resources.set(isOneByOne ? `job/${name}` : `setting/${name}`, value);
    return resources;
  } catch {
    // Somebody's edit that is no longer YAML is compared line by line.
    return undefined;
  }
}
