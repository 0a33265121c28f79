// Deployment -> the jobs of a pipeline, whatever runs it. Each is a few lines of shell that a person can run as well, with the same variables set.
import type { Deployment } from "../../deployment/deployment.ts";
import { migratingUnits, migrateJob } from "../compose/engines.ts";
import { PHASE_LABEL } from "../kubernetes/kubernetes-object.ts";
import type { PipelineSettings } from "./settings.ts";

export interface Job {
  /** GitLab has a meaning of its own for "image". */
  readonly name: "check" | "test" | "build" | "images" | "migrate" | "deploy" | "rollback";
  /** `always`: of every change; `release`: of the branch that is deployed; `rollback`: when somebody asks for it. */
  readonly when: "always" | "release" | "rollback";
  readonly needs: readonly string[];
  readonly lines: readonly string[];
  /** It leaves the build to others, or takes it. */
  readonly build?: "makes" | "takes";
  /** What it has to prove itself to; where it is the place of deployment, a person has to agree first. */
  readonly access?: "registry" | "cluster" | "host";
}

/**
 * In the order in which they run. Lines use the variables TAG (the version), IMAGE_PREFIX (what names of images begin with), DEPLOY_HOST (what
 * ssh calls the host, or with machines the hosts) and, to go back with compose, VERSION.
 */
export function resources(deployment: Deployment, settings: PipelineSettings): readonly Job[] {
  const hasImage = settings.deployTarget !== "vm";
  const perUnit = settings.perUnitImages ? " --per-unit" : "";
  const image: Job = {
    name: "images",
    when: "release",
    needs: ["build"],
    lines: [`npx tenon image --push --image-prefix "$IMAGE_PREFIX" --tag "$TAG"${perUnit}`],
    build: "takes",
    access: "registry",
  };
  return [
    { name: "check", when: "always", needs: [], lines: ["npx tenon check"] },
    { name: "test", when: "always", needs: [], lines: ["npx tenon test"] },
    { name: "build", when: "always", needs: ["check", "test"], lines: ["npx tenon build"], build: "makes" },
    ...(hasImage ? [image] : []),
    ...deployJobs(deployment, settings),
  ];
}

function deployJobs(deployment: Deployment, settings: PipelineSettings): readonly Job[] {
  switch (settings.deployTarget) {
    case "kubernetes":
      return kubernetesJobs(deployment, settings);
    case "compose":
      return composeJobs(deployment, settings);
    case "vm":
      return vmJobs();
  }
}

function kubernetesJobs(deployment: Deployment, settings: PipelineSettings): readonly Job[] {
  const { app, units } = deployment;
  const within = `--namespace ${settings.namespace ?? app}`;
  const overlay = "deploy/kubernetes/overlays/production";
  const perUnit = perUnitOptions(settings);
  const write = `npx tenon deploy kubernetes --image-prefix "$IMAGE_PREFIX" --tag "$TAG"${perUnit}`;
  const deployments = units.map(({ name }) => `deployment/${name}`);
  const migrate = [
    write,
    `kubectl apply -k ${overlay} -l ${PHASE_LABEL}=prepare`,
    `kubectl wait job -l app.kubernetes.io/component=migration ${within} --for=condition=complete --timeout=10m`,
  ];
  const isMigrating = migratingUnits(deployment).length > 0;
  return [
    ...(isMigrating ? [release("migrate", ["images"], migrate, "cluster")] : []),
    release(
      "deploy",
      [isMigrating ? "migrate" : "images"],
      [
        write,
        `kubectl apply -k ${overlay}`,
        ...deployments.map((name) => `kubectl rollout status ${name} ${within} --timeout=10m`),
      ],
      "cluster",
    ),
    rollback([`kubectl rollout undo ${deployments.join(" ")} ${within}`], "cluster"),
  ];
}

/** Builds of single processes do not say which commit they are of. */
function perUnitOptions({ perUnitImages }: PipelineSettings): string {
  return perUnitImages ? ' --per-unit-images --revision "$TAG"' : "";
}

/** The files go to the host, where Docker runs: Compose mounts them from there. */
function composeJobs(deployment: Deployment, settings: PipelineSettings): readonly Job[] {
  const { app, units } = deployment;
  const perUnit = perUnitOptions(settings);
  const onHost = (command: string) => `ssh "$DEPLOY_HOST" "cd ${app} && ${command}"`;
  const send = [
    `npx tenon deploy compose --image-prefix "$IMAGE_PREFIX"${perUnit}`,
    `tar --create --directory deploy/compose . | ssh "$DEPLOY_HOST" "mkdir -p ${app} && tar --extract --directory ${app}"`,
  ];
  const migrating = migratingUnits(deployment).map((unit) => `TAG=$TAG docker compose run --rm ${migrateJob(unit)}`);
  const use = (variable: string) => `sed -i 's/^TAG=.*/TAG=$${variable}/' .env`;
  const back = `docker compose up --detach --wait --no-deps ${units.map(({ name }) => name).join(" ")}`;
  return [
    ...(migrating.length > 0 ? [release("migrate", ["images"], [...send, ...migrating.map(onHost)], "host")] : []),
    release(
      "deploy",
      [migrating.length > 0 ? "migrate" : "images"],
      [...send, onHost(`${use("TAG")} && docker compose up --detach --wait --remove-orphans`)],
      "host",
    ),
    // The version before knows nothing of migrations that came after it: they stay, and are not run.
    rollback([`printf '%s' "$VERSION" | grep -Eq '^[A-Za-z0-9._-]+$'`, onHost(`${use("VERSION")} && ${back}`)], "host"),
  ];
}

/**
 * The script migrates after it has brought the release to the host and before it starts it. DEPLOY_HOST may name several hosts, and none where
 * tenon.json does.
 */
function vmJobs(): readonly Job[] {
  const deploy = release("deploy", ["build"], ["npx tenon deploy vm", "deploy/vm/upgrade.sh $DEPLOY_HOST"], "host");
  return [
    { ...deploy, build: "takes" },
    rollback(["npx tenon deploy vm", "deploy/vm/rollback.sh $DEPLOY_HOST"], "host"),
  ];
}

function release(
  name: "migrate" | "deploy",
  needs: readonly string[],
  lines: readonly string[],
  access: "cluster" | "host",
): Job {
  return { name, when: "release", needs, lines, access };
}

function rollback(lines: readonly string[], access: "cluster" | "host"): Job {
  return { name: "rollback", when: "rollback", needs: [], lines, access };
}
