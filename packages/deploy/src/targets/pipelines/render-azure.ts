// A pipeline of Azure DevOps.
import type { Job } from "./resources.ts";
import type { PipelineSettings } from "./settings.ts";

type Step = Readonly<Record<string, unknown>>;

export function azurePipeline(jobs: readonly Job[], settings: PipelineSettings): object {
  const actions = {
    name: "action",
    displayName: "What to do",
    type: "string",
    default: "release",
    values: ["release", "rollback"],
  };
  const version = {
    name: "version",
    displayName: "Rollback: the commit to go back to",
    type: "string",
    default: "none",
  };
  return {
    trigger: { branches: { include: [settings.branch] } },
    pr: { branches: { include: ["*"] } },
    parameters: settings.deployTarget === "compose" ? [actions, version] : [actions],
    variables: [
      { name: "TAG", value: "$(Build.SourceVersion)" },
      ...(settings.deployTarget === "vm" ? [] : [{ name: "IMAGE_PREFIX", value: settings.registry ?? "$(registry)" }]),
      { name: "npm_config_cache", value: "$(Pipeline.Workspace)/.npm" },
    ],
    pool: { vmImage: "ubuntu-latest" },
    stages: jobs.map((job) => azureStage(job, settings)),
  };
}

function parameter(name: string): string {
  return `\${{ parameters.${name} }}`;
}

/** A stage each, since approvals stand before stages. */
function azureStage(job: Job, settings: PipelineSettings): object {
  const isDeploying = job.access === "cluster" || job.access === "host";
  const isRelease = `eq('${parameter("action")}', 'release')`;
  const onBranch = `eq(variables['Build.SourceBranch'], 'refs/heads/${settings.branch}')`;
  const conditions = {
    always: `and(succeeded(), ${isRelease})`,
    release: `and(succeeded(), ${isRelease}, ${onBranch})`,
    rollback: `eq('${parameter("action")}', 'rollback')`,
  };
  const steps = stepsOf(job, settings);
  const work = isDeploying
    ? {
        deployment: job.name,
        environment: "production",
        strategy: { runOnce: { deploy: { steps: [{ checkout: "self" }, ...steps] } } },
      }
    : { job: job.name, steps };
  return { stage: job.name, dependsOn: job.needs, condition: conditions[job.when], jobs: [work] };
}

function stepsOf(job: Job, { nodeVersion }: PipelineSettings): readonly Step[] {
  const targetPath = "$(System.DefaultWorkingDirectory)/.tenon/build";
  return [
    { task: "NodeTool@0", inputs: { versionSpec: nodeVersion.includes(".") ? nodeVersion : `${nodeVersion}.x` } },
    {
      task: "Cache@2",
      inputs: {
        key: 'npm | "$(Agent.OS)" | package-lock.json',
        restoreKeys: 'npm | "$(Agent.OS)"',
        path: "$(npm_config_cache)",
      },
    },
    { script: "npm ci" },
    ...(job.build === "takes"
      ? [{ task: "DownloadPipelineArtifact@2", inputs: { artifactName: "build", targetPath } }]
      : []),
    ...accessSteps(job),
    { script: ["set -e", ...job.lines].join("\n"), displayName: job.name, ...environmentOf(job) },
    ...(job.build === "makes"
      ? [{ task: "PublishPipelineArtifact@1", inputs: { artifact: "build", targetPath } }]
      : []),
  ];
}

/** Files that only those who may deploy can read ("secure files" of the library). */
function accessSteps({ access }: Job): readonly Step[] {
  const download = (name: string, secureFile: string): Step => ({
    task: "DownloadSecureFile@1",
    name,
    inputs: { secureFile },
  });
  switch (access) {
    case "registry":
      return [download("auth", "registry-auth.json")];
    case "cluster":
      return [download("cluster", "kubeconfig")];
    case "host":
      return [
        download("key", "deploy-key"),
        download("hosts", "known-hosts"),
        {
          script: [
            "set -e",
            'install -D -m 600 "$(key.secureFilePath)" ~/.ssh/id_ed25519',
            'install -D -m 600 "$(hosts.secureFilePath)" ~/.ssh/known_hosts',
          ].join("\n"),
          displayName: "open the host",
        },
      ];
    default:
      return [];
  }
}

/** Parameters and files reach a line by the environment, so that no sign in them is part of it. */
function environmentOf({ access, when }: Job): Step {
  switch (access) {
    case "registry":
      return { env: { REGISTRY_AUTH_FILE: "$(auth.secureFilePath)" } };
    case "cluster":
      return { env: { KUBECONFIG: "$(cluster.secureFilePath)" } };
    case "host":
      return {
        env: { DEPLOY_HOST: "$(deployHost)", ...(when === "rollback" ? { VERSION: parameter("version") } : {}) },
      };
    default:
      return {};
  }
}
