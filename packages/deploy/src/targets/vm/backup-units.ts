// The optional backup: every database is saved by pg_dump once a night.
import { passwordsOf, type VmContext } from "./context.ts";
import { hardening } from "./hardening.ts";
import { credentialsDir } from "./names.ts";
import type { Entry, UnitFile } from "./unit-file.ts";
import { DATABASE_CA } from "./unit-infra-files.ts";

export function backupUnits(context: VmContext): ReadonlyMap<string, UnitFile> {
  const { deployment, settings } = context;
  const { app } = deployment;
  if (!settings.hasBackup || deployment.databases.length === 0) return new Map();
  const service: UnitFile = {
    Unit: [
      ["Description", `${app}: saves the databases`],
      ["After", "network-online.target postgresql.service"],
    ],
    Service: [
      ["Type", "oneshot"],
      ["ExecStart", `/opt/${app}/current/deploy/backup.sh`],
      ["DynamicUser", "yes"],
      ["#", "/var/lib, in a folder that only root and this service can enter."],
      ["StateDirectory", `${app}-backup`],
      ["StateDirectoryMode", "0700"],
      ["UMask", "0077"],
      ["SyslogIdentifier", `${app}-backup`],
      ...passwordsOf(context).map((name): Entry => ["LoadCredential", `${name}:${credentialsDir(app)}/${name}`]),
      ...(settings.databaseCa === undefined
        ? []
        : ([["LoadCredential", `${DATABASE_CA}:${settings.databaseCa}`]] as const)),
      ...hardening,
    ],
  };
  const timer: UnitFile = {
    Unit: [["Description", `${app}: saves the databases every night`]],
    Timer: [
      ["OnCalendar", "*-*-* 02:30:00"],
      ["RandomizedDelaySec", "15min"],
      ["Persistent", "true"],
    ],
    Install: [["WantedBy", "timers.target"]],
  };
  return new Map([
    [`${app}-backup.service`, service],
    [`${app}-backup.timer`, timer],
  ]);
}
