// A workflow of GitHub Actions.
import type { Job } from "./resources.ts";
import type { PipelineSettings } from "./settings.ts";

type Step = Readonly<Record<string, unknown>>;

/** An expression of GitHub. */
function expression(text: string): string {
  return `\${{ ${text} }}`;
}

export function githubWorkflow(app: string, jobs: readonly Job[], settings: PipelineSettings): object {
  return {
    name: app,
    on: {
      push: { branches: [settings.branch] },
      pull_request: null,
      workflow_dispatch: {
        inputs: {
          action: {
            description: "what to do",
            type: "choice",
            options: ["release", "rollback"],
            default: "release",
          },
          ...(settings.deployTarget === "compose"
            ? { version: { description: "rollback: the commit to go back to", type: "string" } }
            : {}),
        },
      },
    },
    permissions: { contents: "read" },
    env: {
      TAG: expression("github.sha"),
      ...(settings.deployTarget === "vm"
        ? {}
        : { IMAGE_PREFIX: settings.registry ?? `ghcr.io/${expression("github.repository_owner")}` }),
    },
    jobs: Object.fromEntries(jobs.map((job) => [job.name, githubJob(job, settings)])),
  };
}

function githubJob(job: Job, settings: PipelineSettings): object {
  const isDeploying = job.access === "cluster" || job.access === "host";
  const isRollback = expression("github.event_name == 'workflow_dispatch' && inputs.action == 'rollback'");
  const isRelease = expression(`github.ref == 'refs/heads/${settings.branch}' && inputs.action != 'rollback'`);
  const isNoRollback = expression("inputs.action != 'rollback'");
  return {
    if: job.when === "rollback" ? isRollback : job.when === "release" ? isRelease : isNoRollback,
    ...(job.needs.length > 0 ? { needs: job.needs } : {}),
    "runs-on": "ubuntu-latest",
    "timeout-minutes": 30,
    ...(isDeploying
      ? { environment: "production", concurrency: { group: "production", "cancel-in-progress": false } }
      : {}),
    ...(job.access === "registry" ? { permissions: { contents: "read", packages: "write" } } : {}),
    ...jobEnvironment(job),
    steps: [
      { uses: "actions/checkout@v6" },
      { uses: "actions/setup-node@v6", with: { "node-version": settings.nodeVersion, cache: "npm" } },
      { run: "npm ci" },
      ...(job.build === "takes"
        ? [{ uses: "actions/download-artifact@v8", with: { name: "build", path: ".tenon/build" } }]
        : []),
      ...accessSteps(job),
      { name: job.name, run: linesOf(job) },
      ...(job.build === "makes" ? [uploadStep] : []),
    ],
  };
}

const uploadStep: Step = {
  uses: "actions/upload-artifact@v7",
  // The folder's name begins with a dot.
  with: { name: "build", path: ".tenon/build", "include-hidden-files": true, "if-no-files-found": "error" },
};

function jobEnvironment({ access, when }: Job): object {
  if (access !== "host") return {};
  const version = when === "rollback" ? { VERSION: expression("inputs.version || ''") } : {};
  return { env: { DEPLOY_HOST: expression("vars.DEPLOY_HOST"), ...version } };
}

/** Secrets reach a line by the environment, so that no sign in them is part of it. */
function accessSteps({ access }: Job): readonly Step[] {
  switch (access) {
    case "registry":
      return [
        {
          name: "sign in to the registry",
          env: {
            REGISTRY_USER: expression("secrets.REGISTRY_USER || github.actor"),
            REGISTRY_PASSWORD: expression("secrets.REGISTRY_PASSWORD || github.token"),
          },
          run: `printf '%s' "$REGISTRY_PASSWORD" | docker login "\${IMAGE_PREFIX%%/*}" --username "$REGISTRY_USER" --password-stdin`,
        },
      ];
    case "cluster":
      return [
        {
          name: "open the cluster",
          env: { CLUSTER: expression("secrets.KUBECONFIG") },
          run: `printf '%s' "$CLUSTER" > "$RUNNER_TEMP/kubeconfig"\necho "KUBECONFIG=$RUNNER_TEMP/kubeconfig" >> "$GITHUB_ENV"`,
        },
      ];
    case "host":
      return [
        {
          name: "open the host",
          env: { KEY: expression("secrets.SSH_KEY"), KNOWN_HOSTS: expression("secrets.SSH_KNOWN_HOSTS") },
          run: `umask 077\nmkdir -p ~/.ssh\nprintf '%s\\n' "$KEY" > ~/.ssh/id_ed25519\nprintf '%s\\n' "$KNOWN_HOSTS" > ~/.ssh/known_hosts`,
        },
      ];
    default:
      return [];
  }
}

function linesOf({ lines }: Job): string {
  return lines.join("\n");
}
