// Resources -> files, and files -> what of them is compared.
import type { Resources } from "../../files/diff-resources.ts";
import type { GeneratedFile } from "../../files/generated-file.ts";
import { backupScript } from "./scripts/backup-script.ts";
import { databasesScript } from "./scripts/databases-script.ts";
import { hostScript } from "./scripts/host-script.ts";
import { hostsScript } from "./scripts/hosts-script.ts";
import { installScript } from "./scripts/install-script.ts";
import { rollbackScript } from "./scripts/rollback-script.ts";
import { upgradeScript } from "./scripts/upgrade-script.ts";
import { waitReadyScript } from "./scripts/wait-ready-script.ts";
import type { VmResources } from "./resources.ts";
import { parseUnitFile, unitFileText } from "./unit-file.ts";

const UNITS = "systemd/";
const INFRA = "infra/";

export function render({ units, infra, variables, users }: VmResources): readonly GeneratedFile[] {
  const { app } = Object.fromEntries(variables);
  return [
    ...[...units].map(([name, unit]) => ({ path: `${UNITS}${name}`, text: unitFileText(unit) })),
    ...[...infra].map(([name, json]) => ({ path: `${INFRA}${name}.json`, text: `${JSON.stringify(json, null, 2)}\n` })),
    { path: "sysusers.conf", text: [`g ${app} -`, ...users, ""].join("\n") },
    { path: "settings.sh", text: settingsText(variables) },
    script("install.sh", installScript),
    script("upgrade.sh", upgradeScript),
    script("rollback.sh", rollbackScript),
    { path: "hosts.sh", text: hostsScript },
    script("host.sh", hostScript),
    { path: "wait-ready.mjs", text: waitReadyScript },
    ...(variables.get("databases") === "" ? [] : [script("create-databases.sh", databasesScript)]),
    ...(variables.get("has_backup") === "" ? [] : [script("backup.sh", backupScript)]),
  ];
}

/** "unit/shop-users@.service", "infra/users"; undefined: a file that is compared line by line. */
export function resourcesIn(path: string, text: string): Resources | undefined {
  if (path.startsWith(UNITS)) return new Map([[`unit/${path.slice(UNITS.length)}`, parseUnitFile(text)]]);
  if (!path.startsWith(INFRA)) return undefined;
  return new Map([[`infra/${path.slice(INFRA.length, -".json".length)}`, JSON.parse(text) as unknown]]);
}

function script(path: string, text: string): GeneratedFile {
  return { path, text, isExecutable: true };
}

/** Values are names, numbers and paths; what a shell would take for more than text has been refused. */
function settingsText(variables: ReadonlyMap<string, string>): string {
  const lines = [...variables].map(([name, value]) => `${name}='${value}'`);
  return ["# shellcheck shell=sh disable=SC2034", "# What the scripts beside know of the app.", ...lines, ""].join(
    "\n",
  );
}
