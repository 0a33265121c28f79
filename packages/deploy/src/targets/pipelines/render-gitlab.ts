// A pipeline of GitLab CI.
import type { Job } from "./resources.ts";
import type { PipelineSettings } from "./settings.ts";

export function gitlabPipeline(jobs: readonly Job[], settings: PipelineSettings): object {
  return {
    stages: jobs.map(({ name }) => name),
    default: {
      image: `node:${settings.nodeVersion}`,
      cache: { key: { files: ["package-lock.json"] }, paths: [".npm/"] },
      before_script: ["npm ci --cache .npm --prefer-offline"],
      interruptible: true,
    },
    variables: {
      TAG: "$CI_COMMIT_SHA",
      ...(settings.deployTarget === "vm" ? {} : { IMAGE_PREFIX: settings.registry ?? "$CI_REGISTRY_IMAGE" }),
    },
    ...Object.fromEntries(jobs.map((job) => [job.name, gitlabJob(job, jobs, settings)])),
  };
}

function gitlabJob(job: Job, jobs: readonly Job[], settings: PipelineSettings): object {
  const isDeploying = job.access === "cluster" || job.access === "host";
  const onBranch = `$CI_COMMIT_BRANCH == "${settings.branch}"`;
  const isFirstThere = jobs.find(({ access }) => access === "cluster" || access === "host") === job;
  const isByHand = job.when === "rollback" || isFirstThere;
  const rules =
    job.when === "always"
      ? [{ if: '$CI_PIPELINE_SOURCE == "merge_request_event"' }, { if: onBranch }]
      : [
          {
            if: onBranch,
            ...(isByHand ? { when: "manual" } : {}),
            ...(job.when === "rollback" ? { allow_failure: true } : {}),
          },
        ];
  return {
    stage: job.name,
    needs: job.needs.map((name) => ({ job: name, artifacts: name === "build" && job.build === "takes" })),
    rules,
    ...(isDeploying ? { environment: { name: "production" }, resource_group: "production", interruptible: false } : {}),
    script: [...accessLines(job), ...job.lines],
    ...(job.build === "makes" ? { artifacts: { paths: [".tenon/build/"], expire_in: "1 week" } } : {}),
  };
}

/** KUBECONFIG, SSH_KEY, SSH_KNOWN_HOSTS and REGISTRY_AUTH_FILE are variables of the type "File": they hold paths. */
function accessLines({ access }: Job): readonly string[] {
  switch (access) {
    case "cluster":
      return [
        `curl --fail --silent --show-error --location --output /usr/local/bin/kubectl "https://dl.k8s.io/release/v1.34.0/bin/linux/$(dpkg --print-architecture)/kubectl"`,
        "chmod +x /usr/local/bin/kubectl",
      ];
    case "host":
      return [
        'install -D -m 600 "$SSH_KEY" ~/.ssh/id_ed25519',
        'install -D -m 600 "$SSH_KNOWN_HOSTS" ~/.ssh/known_hosts',
      ];
    default:
      return [];
  }
}
