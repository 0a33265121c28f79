// Deployment -> the objects of Kubernetes that run it, in the groups that become files. The same for all formats but for what is open.
import { DeployError } from "../../deploy-error.ts";
import type { Deployment } from "../../deployment/deployment.ts";
import { type Json, unitInfra } from "../../deployment/unit-infra.ts";
import type { ConfigFile } from "./config-file.ts";
import { ADMIN_PASSWORD, engineObjects, enginesNeeded, initFile } from "./engines.ts";
import { INFRA_FILE, secretKeys } from "./environment.ts";
import type { KubernetesObject } from "./kubernetes-object.ts";
import { migratingUnits, migrationInfra, migrationName, migrationOf } from "./migration.ts";
import { DEFAULT_DENY, migrationPolicies, networkPolicies } from "./network-policies.ts";
import type { OpenValues } from "./open-values.ts";
import { placesOf } from "./places.ts";
import { publicDoor } from "./public-door.ts";
import type { KubernetesSettings } from "./read-settings.ts";
import { workloadOf } from "./workload.ts";

export interface KubernetesResources {
  /** Path of a file without its extension -> its objects. */
  readonly groups: ReadonlyMap<string, readonly KubernetesObject[]>;
  /** What is mounted as a file; not yet objects, since Kustomize makes its own of them. */
  readonly configFiles: readonly ConfigFile[];
  /** Every key that the app's Secret must have, sorted. */
  readonly secretKeys: readonly string[];
}

/** Throws DeployError `name_not_deployable`. */
export function kubernetesResources(
  deployment: Deployment,
  settings: KubernetesSettings,
  values: OpenValues,
): KubernetesResources {
  refuseNames(deployment);
  const { units } = deployment;
  const places = placesOf(deployment, settings);
  const configFiles: ConfigFile[] = [];
  const mounted = (file: ConfigFile): string => {
    configFiles.push(file);
    return values.configMapName(file);
  };
  const groups = new Map<string, readonly KubernetesObject[]>();
  for (const unit of units) {
    const configMapName = mounted(
      infraFile(`${unit.name}-infra`, `${unit.name}.json`, unitInfra(deployment, unit, places)),
    );
    groups.set(`units/${unit.name}`, workloadOf({ deployment, unit, settings, values, configMapName }));
  }
  const migrations = migratingUnits(deployment).flatMap((unit) => {
    const name = migrationName(unit.name);
    const infra = migrationInfra(deployment, unit, places);
    const configMapName = mounted({ ...infraFile(name, `${name}.json`, infra), isMigrations: true });
    return migrationOf({ deployment, unit, settings, values, infra, configMapName });
  });
  groups.set("migrations", [...migrationPolicies(deployment, settings), ...migrations]);
  groups.set("network", networkPolicies(deployment, settings));
  groups.set("door", publicDoor(deployment, settings, values));
  groups.set("engines", engineObjects(deployment, settings, values));
  if (enginesNeeded(deployment, settings).has("postgres")) mounted(initFile(deployment, settings));
  for (const [name, objects] of groups) if (objects.length === 0) groups.delete(name);
  return { groups, configFiles, secretKeys: allSecretKeys(deployment, settings) };
}

function infraFile(name: string, source: string, infra: Json): ConfigFile {
  return { name, file: INFRA_FILE, source, text: `${JSON.stringify(infra, null, 2)}\n`, isMigrations: false };
}

function allSecretKeys(deployment: Deployment, settings: KubernetesSettings): readonly string[] {
  const keys = deployment.units.flatMap((unit) => secretKeys(deployment, unit, settings));
  const admin = enginesNeeded(deployment, settings).has("postgres") ? [ADMIN_PASSWORD] : [];
  return [...new Set([...keys, ...admin])].sort();
}

/** Names of Services begin with a letter; the longest of a process is "<name>-migrate-", a hash, and what a Job puts behind it. */
function refuseNames({ units }: Deployment): void {
  for (const { name } of units) {
    if (name.length > 40 || !/^[a-z]/.test(name)) {
      throw new DeployError(
        "name_not_deployable",
        `the process "${name}" can't be named so in Kubernetes`,
        'It must begin with a letter and have 40 characters at most; name a group in "placement" of tenon.json.',
      );
    }
    const taken = units.find((other) => migrationName(other.name) === name);
    if (taken !== undefined || name.startsWith("engine-") || name === DEFAULT_DENY) {
      throw new DeployError(
        "name_not_deployable",
        `the process "${name}" has a name that something else has in Kubernetes`,
        'Name it otherwise: a group in "placement" of tenon.json.',
      );
    }
  }
}
