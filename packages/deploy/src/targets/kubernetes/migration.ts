// The Job that brings the databases of one process up to date before its new version starts. New pods refuse to start while migrations are
// pending, so what is applied in the wrong order only waits.
import { type Deployment, edgesOf, type Unit } from "../../deployment/deployment.ts";
import type { Json, Places } from "../../deployment/unit-infra.ts";
import { migrationEnvironment } from "./environment.ts";
import { type KubernetesObject, labelsOf, phased } from "./kubernetes-object.ts";
import type { OpenValues } from "./open-values.ts";
import { podTemplate } from "./pod.ts";
import type { KubernetesSettings } from "./read-settings.ts";

export interface MigrationInput {
  readonly deployment: Deployment;
  readonly unit: Unit;
  readonly settings: KubernetesSettings;
  readonly values: OpenValues;
  /** What `migrationInfra` gives, and the name of the ConfigMap with it. */
  readonly infra: Json;
  readonly configMapName: string;
}

export function migrationName(unit: string): string {
  return `${unit}-migrate`;
}

/** The processes that own a database with something to migrate. */
export function migratingUnits({ units, databases }: Deployment): readonly Unit[] {
  const owners = databases
    .filter(({ hasMigrations, needsOutbox }) => hasMigrations || needsOutbox)
    .map(({ unit }) => unit);
  return units.filter(({ name }) => owners.includes(name));
}

/** The places of its databases. */
export function migrationInfra(deployment: Deployment, { name }: Unit, places: Places): Json {
  return { sql_servers: edgesOf(deployment, name, "database").map(({ database }) => places.sqlServer(database)) };
}

export function migrationOf(input: MigrationInput): readonly KubernetesObject[] {
  const { deployment, unit, settings, values, infra, configMapName } = input;
  const name = migrationName(unit.name);
  const labels = labelsOf(deployment.app, name, "migration");
  const template = podTemplate(
    {
      labels,
      serviceAccountName: name,
      image: values.image(unit.name),
      args: unit.kind === "app" ? ["migrate"] : ["migrate", "--services", unit.services.join(",")],
      environment: migrationEnvironment(deployment, unit, values.secretName),
      configMapName,
      usesPostgres: true,
      resources: values.resources(unit.name),
      settings,
    },
    { restartPolicy: "Never" },
  );
  // A day, to look at what it said; its name changes with what it runs.
  const spec = { backoffLimit: 6, ttlSecondsAfterFinished: 86_400, template };
  const prepared = phased(labels, "prepare");
  return [
    {
      apiVersion: "v1",
      kind: "ServiceAccount",
      metadata: { name, labels: prepared },
      automountServiceAccountToken: false,
    },
    {
      apiVersion: "batch/v1",
      kind: "Job",
      metadata: { name: values.jobName(name, [spec, infra]), labels: prepared },
      spec,
    },
  ];
}
