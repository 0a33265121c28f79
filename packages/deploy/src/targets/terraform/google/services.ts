// Cloud Run: a service for each process.
import type { Deployment, Unit } from "../../../deployment/deployment.ts";
import type { SettingValues } from "../../../target.ts";
import { type Block, type Body, label, ref, resource } from "../blocks.ts";
import { generatedSecrets, neededSecrets, secretLabel } from "../needed-secrets.ts";
import {
  environmentOf,
  healthPath,
  internalPort,
  migrationsNeeded,
  publicPort,
  readyPath,
  startArguments,
} from "../process-settings.ts";
import { sizeOf, type UnitSize } from "../variables.ts";
import { openingsOf } from "./grants.ts";
import { vpcAccess } from "./network.ts";

/** CPUs, memory in MiB. */
export const usualSize: UnitSize = { cpu: 1, memory: 512, min: 1, max: 6 };

/** Cloud Run ends a process ten seconds after it asked. */
export const shutdownSeconds = 9;

/** `needs`: of a process by its name, beside what all need. */
export function serviceBlocks(
  deployment: Deployment,
  settings: SettingValues,
  needs: (unit: string) => readonly string[],
): readonly Block[] {
  return deployment.units.map((unit) =>
    service(deployment, unit, settings, [
      ...migrationsNeeded(deployment),
      ...needs(unit.name),
      ...startNeeds(deployment, unit),
    ]),
  );
}

/** By the number of the project, which is known before the service is: services may call each other in circles. */
export function serviceUrl(unit: string): string {
  return `https://${ref("var.name")}-${unit}-${ref("data.google_project.main.number")}.${ref("var.region")}.run.app`;
}

export function imageOf({ app }: Deployment, { name }: Unit, settings: SettingValues): string {
  const repository = `${ref("var.region")}-docker.pkg.dev/${ref("var.project")}/${ref("google_artifact_registry_repository.app.repository_id")}`;
  return `${repository}/${settings["perUnitImages"] === true ? name : app}:${ref("var.image_tag")}`;
}

/** Of the process, and of the job that migrates its databases. */
export function containerOf(
  deployment: Deployment,
  unit: Unit,
  settings: SettingValues,
  args: readonly string[],
): Body {
  return {
    image: imageOf(deployment, unit, settings),
    args,
    env: [
      ...Object.entries(environmentOf(unit, settings)).map(([name, value]) => ({ name, value })),
      ...neededSecrets(deployment, unit).map(({ source, variable }) => secretVariable(variable, secretLabel(source))),
    ],
  };
}

export function secretVariable(name: string, secret: string): Body {
  const reference = { secret: ref(`google_secret_manager_secret.${secret}.secret_id`), version: "latest" };
  return { name, value_source: [{ secret_key_ref: [reference] }] };
}

/** What has to be allowed before a process of the unit can start. */
export function startNeeds(deployment: Deployment, unit: Unit): readonly string[] {
  const secrets = neededSecrets(deployment, unit).map(({ source }) => secretLabel(source));
  const openings = openingsOf(deployment).filter((opening) => opening.unit === unit.name);
  const made = generatedSecrets(deployment, unit).map((name) => `google_secret_manager_secret_version.${name}`);
  return [
    ...secrets.map((name) => `google_secret_manager_secret_iam_member.${label(unit.name)}_${name}`),
    ...made,
    ...openings.map(({ name }) => `google_compute_firewall.${name}`),
  ];
}

function service(deployment: Deployment, unit: Unit, settings: SettingValues, needs: readonly string[]): Block {
  const isDoor = unit.kind !== "services";
  const { name } = unit;
  return resource("google_cloud_run_v2_service", label(name), {
    name: `${ref("var.name")}-${name}`,
    location: ref("var.region"),
    ingress: isDoor ? "INGRESS_TRAFFIC_ALL" : "INGRESS_TRAFFIC_INTERNAL_ONLY",
    // The app itself says who may ask what; behind the door Google looks at each caller too.
    invoker_iam_disabled: isDoor,
    deletion_protection: ref("var.deletion_protection"),
    labels: ref("local.labels"),
    template: [
      {
        service_account: ref(`google_service_account.${label(name)}.email`),
        timeout: "3600s",
        max_instance_request_concurrency: 200,
        scaling: [
          { min_instance_count: sizeOf(name, usualSize, "min"), max_instance_count: sizeOf(name, usualSize, "max") },
        ],
        vpc_access: [vpcAccess(deployment, name)],
        containers: [
          {
            ...containerOf(deployment, unit, settings, startArguments(unit)),
            ports: [{ container_port: isDoor ? publicPort : internalPort }],
            resources: [
              {
                limits: { cpu: `${sizeOf(name, usualSize, "cpu")}`, memory: `${sizeOf(name, usualSize, "memory")}Mi` },
                // Messages and cron jobs come between requests.
                cpu_idle: false,
                startup_cpu_boost: true,
              },
            ],
            startup_probe: [{ ...probe(readyPath), period_seconds: 2, failure_threshold: 60 }],
            liveness_probe: [{ ...probe(healthPath), period_seconds: 10, failure_threshold: 3 }],
          },
        ],
      },
    ],
    depends_on: needs,
  });
}

function probe(path: string): Body {
  return { http_get: [{ path, port: internalPort }], timeout_seconds: 1 };
}
