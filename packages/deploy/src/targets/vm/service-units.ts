// The service of each process, as a template: its instance is a release, so that the next release runs beside this one until it is ready.
import { calledUnits, type Unit } from "../../deployment/deployment.ts";
import { publicUnit, type VmContext } from "./context.ts";
import { hardening } from "./hardening.ts";
import { addressVariable, credentialsDir, doorSocket, releaseDir, userOf } from "./names.ts";
import { socketNames } from "./socket-units.ts";
import type { Entry, UnitFile } from "./unit-file.ts";
import { credentialsOf, DATABASE_CA } from "./unit-infra-files.ts";
import { revisionEnvironment } from "../revision.ts";

/** Seconds on top of what a process has to finish its work: for closing connections and the last traces. */
const STOP_RESERVE_SECONDS = 5;
const MAX_LINGER_SECONDS = 10;
export const START_SECONDS = 120;

export function serviceFile({ app }: { readonly app: string }, unit: string): string {
  return `${app}-${unit}@.service`;
}

export function serviceUnit(context: VmContext, unit: Unit): UnitFile {
  const { deployment, settings } = context;
  const { app } = deployment;
  const isPublic = publicUnit(context) === unit;
  const others = isPublic ? deployment.units.filter((other) => other !== unit) : [];
  return {
    Unit: [
      ["Description", `${app}: ${unit.name}, release %i`],
      ["PartOf", `${app}@%i.target`],
      ["Wants", "network-online.target"],
      ["After", "network-online.target postgresql.service"],
      // Ready last and stopped first: what it still has under way needs the others.
      ...others.map(({ name }): Entry => ["After", `${app}-${name}@%i.service`]),
      ["#", "A database may be away for longer than systemd's patience: it is tried again for ever."],
      ["StartLimitIntervalSec", "0"],
    ],
    Service: [
      ["Type", "exec"],
      [
        "ExecStart",
        `${nodeOf(app)} main.js start ${startArguments(unit)} --infra \${CREDENTIALS_DIRECTORY}/infra.json`.replaceAll(
          / +/g,
          " ",
        ),
      ],
      ["#", "Started means ready: databases reached, init of services done, doors open."],
      ["ExecStartPost", `${nodeOf(app)} ${releaseDir(app)}/deploy/wait-ready.mjs`],
      ...(isPublic && settings.hasTls
        ? ([
            ["#", "Reads the certificate again."],
            ["ExecReload", "/bin/kill -HUP $MAINPID"],
          ] as const)
        : []),
      ...commonEntries(context, unit),
      ...(isPublic ? socketNames(context).map((name): Entry => ["Sockets", name]) : []),
      ...(isPublic ? tlsEntries(context) : []),
      ...(isPublic
        ? ([
            [
              "#",
              "The next release takes new connections while this one ends: those that are open here are told in their own time.",
            ],
            ["Environment", `TENON_LINGER_SECONDS=${lingerSeconds(settings.shutdownSeconds)}`],
          ] as const)
        : []),
      ["RuntimeDirectory", `${app}/%i/${unit.name}`],
      ["RuntimeDirectoryMode", "0750"],
      ["Environment", `TENON_INTERNAL_SOCKET=${doorSocket(app, unit.name)}`],
      ["#", "Processes of the app are users of one group, and prove themselves to each other with a key."],
      ["Environment", "TENON_INTERNAL_SOCKET_MODE=0660"],
      ["Restart", "always"],
      ["RestartSec", "1"],
      ["TimeoutStartSec", String(START_SECONDS)],
      ["#", "A process finishes what it has under way before it ends."],
      ["TimeoutStopSec", String(settings.shutdownSeconds + STOP_RESERVE_SECONDS)],
      ["KillMode", "mixed"],
      ...(settings.memoryMax === undefined ? [] : ([["MemoryMax", settings.memoryMax]] as const)),
      ...hardening,
      ...storageEntries(context, unit),
    ],
  };
}

/** Half of the time to stop: requests that come late still have the other half. */
function lingerSeconds(shutdownSeconds: number): number {
  return Math.min(MAX_LINGER_SECONDS, shutdownSeconds / 2);
}

/** What the process of a service and that of migrations have in common. */
function commonEntries(context: VmContext, unit: Unit): readonly Entry[] {
  const { deployment, settings } = context;
  const { app } = deployment;
  return [
    ["WorkingDirectory", `${releaseDir(app)}/app`],
    ["User", userOf(app, unit.name)],
    ["Group", app],
    ["UMask", "0077"],
    ["SyslogIdentifier", `${app}-${unit.name}`],
    ["LoadCredential", `infra.json:${releaseDir(app)}/deploy/infra/${unit.name}.json`],
    ...credentialEntries(context, credentialsOf(context, unit)),
    ["Environment", "NODE_ENV=production"],
    ["Environment", "TENON_DEPLOY_ID=%i"],
    ...Object.entries(revisionEnvironment(settings)).map(([name, value]): Entry => ["Environment", `${name}=${value}`]),
    ...(settings.otlpEndpoint === undefined
      ? []
      : ([["Environment", `OTEL_EXPORTER_OTLP_ENDPOINT=${settings.otlpEndpoint}`]] as const)),
    ...addressEntries(context, calledUnits(deployment, unit.name)),
  ];
}

function credentialEntries({ deployment: { app, databases }, settings }: VmContext, names: readonly string[]): Entry[] {
  const entries = names.map((name): Entry => ["LoadCredential", `${name}:${credentialsDir(app)}/${name}`]);
  if (settings.databaseCa !== undefined && databases.length > 0) {
    entries.push(["LoadCredential", `${DATABASE_CA}:${settings.databaseCa}`]);
  }
  return entries;
}

function addressEntries({ deployment: { app } }: VmContext, units: readonly string[]): Entry[] {
  return units.toSorted().map((name) => ["Environment", `${addressVariable(name)}=unix:${doorSocket(app, name)}`]);
}

function tlsEntries({ deployment: { app }, settings }: VmContext): readonly Entry[] {
  if (!settings.hasTls) return [];
  return [
    ["Environment", `TENON_TLS_CERT=/etc/${app}/tls/cert.pem`],
    ["Environment", `TENON_TLS_KEY=/etc/${app}/tls/key.pem`],
    ["Environment", `TENON_ACME_DIR=/var/lib/${app}/acme`],
  ];
}

function storageEntries({ deployment: { app, buckets }, settings }: VmContext, unit: Unit): readonly Entry[] {
  const hasFiles = unit.kind === "app" && buckets.length > 0 && settings.objectStorage === "files";
  return hasFiles ? [["StateDirectory", `${app}/objects`]] : [];
}

function startArguments({ kind, services }: Unit): string {
  if (kind === "app") return "";
  return kind === "gateway" ? "--gateway-only" : `--services ${services.join(",")} --no-gateway`;
}

function nodeOf(app: string): string {
  return `${releaseDir(app)}/bin/node`;
}

/** Units whose databases have to be prepared before a release starts. */
export function migratingUnits({ deployment: { units, databases } }: VmContext): readonly Unit[] {
  return units.filter(({ name }) =>
    databases.some(({ unit, hasMigrations, needsOutbox }) => unit === name && (hasMigrations || needsOutbox)),
  );
}

/** Runs once before a release starts, for all databases, as a user of its own. */
export function migrateUnit(context: VmContext): UnitFile {
  const { deployment } = context;
  const { app } = deployment;
  const units = migratingUnits(context);
  const credentials = [...new Set(units.flatMap((unit) => credentialsOf(context, unit)))].sort();
  const called = [...new Set(units.flatMap(({ name }) => calledUnits(deployment, name)))];
  return {
    Unit: [
      ["Description", `${app}: migrations of release %i`],
      ["Wants", "network-online.target"],
      ["After", "network-online.target postgresql.service"],
    ],
    Service: [
      ["Type", "oneshot"],
      ...units.map(({ name, services }): Entry => {
        const infra = `\${CREDENTIALS_DIRECTORY}/infra-${name}.json`;
        return ["ExecStart", `${nodeOf(app)} main.js migrate --services ${services.join(",")} --infra ${infra}`];
      }),
      ["WorkingDirectory", `${releaseDir(app)}/app`],
      ["User", userOf(app, "migrate")],
      ["Group", app],
      ["UMask", "0077"],
      ["SyslogIdentifier", `${app}-migrate`],
      ...units.map(
        ({ name }): Entry => ["LoadCredential", `infra-${name}.json:${releaseDir(app)}/deploy/infra/${name}.json`],
      ),
      ...credentialEntries(context, credentials),
      ["Environment", "NODE_ENV=production"],
      ...addressEntries(context, called),
      ["TimeoutStartSec", "infinity"],
      ...hardening,
    ],
  };
}
