// Deployment -> the units of systemd, the infra.json of each process, and what the scripts have to know.
import { hasMessagesDatabase, publicUnit, type VmContext } from "./context.ts";
import { backupUnits } from "./backup-units.ts";
import { plainName, userOf } from "./names.ts";
import { keyVariable, passwordVariable } from "../../deployment/variables.ts";
import { migrateUnit, migratingUnits, serviceFile, serviceUnit, START_SECONDS } from "./service-units.ts";
import { socketNames, socketUnits, wakeUnit } from "./socket-units.ts";
import type { UnitFile } from "./unit-file.ts";
import { credentialsOf, infraOf, MESSAGES_URL, SIGNING_KEY } from "./unit-infra-files.ts";

export interface VmResources {
  /** File name -> unit. */
  readonly units: ReadonlyMap<string, UnitFile>;
  /** Unit -> its infra.json. */
  readonly infra: ReadonlyMap<string, unknown>;
  /** Shell variables -> their values. */
  readonly variables: ReadonlyMap<string, string>;
  /** Lines of sysusers.d(5). */
  readonly users: readonly string[];
}

/** Throws DeployError `name_not_deployable`. */
export function resourcesOf(context: VmContext): VmResources {
  const { deployment } = context;
  const { app } = deployment;
  const hasMigrations = migratingUnits(context).length > 0;
  const units = new Map<string, UnitFile>([
    [`${app}@.target`, releaseTarget(context)],
    ...deployment.units.map((unit) => [serviceFile(deployment, unit.name), serviceUnit(context, unit)] as const),
    ...(hasMigrations ? [[`${app}-migrate@.service`, migrateUnit(context)] as const] : []),
    ...socketUnits(context),
    [`${app}-wake.service`, wakeUnit(context)],
    ...backupUnits(context),
  ]);
  return {
    units: new Map([...units].sort(([a], [b]) => (a < b ? -1 : 1))),
    infra: new Map(deployment.units.map((unit) => [unit.name, infraOf(context, unit)])),
    variables: variablesOf(context, hasMigrations),
    users: [...deployment.units.map(({ name }) => name), ...(hasMigrations ? ["migrate"] : [])]
      .sort()
      .map((name) => `u ${userOf(app, name)} - "${name} of ${app}"`),
  };
}

/** One release as a whole: what is enabled, started and stopped. */
function releaseTarget(context: VmContext): UnitFile {
  const { app, units } = context.deployment;
  return {
    Unit: [
      ["Description", `${app}, release %i`],
      ["Wants", socketNames(context).join(" ")],
      ["Wants", units.map(({ name }) => `${app}-${name}@%i.service`).join(" ")],
    ],
    Install: [["WantedBy", "multi-user.target"]],
  };
}

function variablesOf(context: VmContext, hasMigrations: boolean): ReadonlyMap<string, string> {
  const { deployment, settings } = context;
  const { app, databases } = deployment;
  const credentials = [...new Set(deployment.units.flatMap((unit) => credentialsOf(context, unit)))].sort();
  return new Map([
    ["app", app],
    ["hosts", settings.hosts.join(" ")],
    ["processes", deployment.units.map(({ name }) => name).join(" ")],
    ["sockets", socketNames(context).join(" ")],
    ["credentials", credentials.join(" ")],
    ["own_credentials", credentials.filter((name) => name === keyVariable || name === SIGNING_KEY).join(" ")],
    ["tls_user", settings.hasTls ? userOf(app, publicUnit(context).name) : ""],
    ["has_migrations", hasMigrations ? "yes" : ""],
    ["has_backup", settings.hasBackup && databases.length > 0 ? "yes" : ""],
    ["database_host", settings.databaseHost],
    ["database_ca", settings.databaseCa ?? ""],
    ["databases", databases.map(({ name }) => `${plainName(name, "a database")}:${passwordVariable(name)}`).join(" ")],
    ["messages_url", hasMessagesDatabase(context) ? MESSAGES_URL : ""],
    ["keep_releases", String(settings.keepReleases)],
    ["start_seconds", String(START_SECONDS)],
  ]);
}
