// Makes a PostgreSQL data folder: initdb runs once per version and user, every further folder is a copy of that template.
import { randomBytes } from "node:crypto";
import {
  chownSync,
  constants,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { cp, rm } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { cacheFolder } from "./cache-folder.ts";
import { dropPrivilege, type Privilege, takeOwnership } from "./drop-privilege.ts";
import { EngineError } from "./errors.ts";
import type { PostgresPrograms } from "./find-programs.ts";
import { runProgram } from "./run-program.ts";

/** Name of the superuser. */
export const adminRole = "tenon";

const passwordFile = "tenon-admin-password";

/** Ensures the folder exists and fits the server; returns how to run the server on it. Safe from several processes at once. */
export async function prepareDataFolder(dataDir: string, programs: PostgresPrograms): Promise<Privilege> {
  const parent = dirname(dataDir);
  mkdirSync(parent, { recursive: true });
  const present = readVersion(dataDir);
  if (present === undefined) {
    const cache = cacheFolder("postgres");
    const privilege = await choosePrivilege(parent, cache, programs);
    const template = await ensureTemplate(cache, programs, privilege);
    await copyTemplate(template, dataDir);
    takeOwnership(dataDir, privilege.owner);
    return privilege;
  }
  if (present !== programs.majorVersion) {
    throw new EngineError(
      "postgres_data_unusable",
      `${dataDir} was made by PostgreSQL ${present}, this is ${programs.version}`,
    );
  }
  return dropPrivilege(programs.postgres, programs.env, [dataDir]);
}

export function readAdminPassword(dataDir: string): string {
  return readFileSync(join(dataDir, passwordFile), "utf8").trim();
}

/** Tries on an empty folder of its own: the parent is the user's and must not change hands. */
async function choosePrivilege(parent: string, cache: string, programs: PostgresPrograms): Promise<Privilege> {
  const probe = mkdtempSync(join(parent, ".postgres-probe-"));
  try {
    return await dropPrivilege(programs.postgres, programs.env, [cache, probe]);
  } finally {
    rmSync(probe, { recursive: true, force: true });
  }
}

function readVersion(dataDir: string): number | undefined {
  const file = join(dataDir, "PG_VERSION");
  if (existsSync(file)) return Number(readFileSync(file, "utf8").trim());
  if (existsSync(dataDir) && readdirSync(dataDir).length > 0) {
    throw new EngineError("postgres_data_unusable", `${dataDir} holds something else (no file PG_VERSION)`);
  }
  return undefined;
}

async function ensureTemplate(cache: string, programs: PostgresPrograms, privilege: Privilege): Promise<string> {
  const template = join(cache, `template-${programs.version}-${privilege.owner ?? "user"}-1`);
  if (existsSync(template)) return template;
  const work = `${template}.${process.pid}-${randomBytes(4).toString("hex")}`;
  const passwordSource = `${work}.password`;
  mkdirSync(work, { recursive: true, mode: 0o700 });
  writeFileSync(passwordSource, randomBytes(24).toString("base64url"), { mode: 0o600 });
  try {
    takeOwnership(work, privilege.owner);
    if (privilege.owner !== null) chownSync(passwordSource, privilege.owner, privilege.owner);
    await runInitdb(work, passwordSource, programs, privilege);
    renameSync(passwordSource, join(work, passwordFile));
    moveInto(work, template);
  } finally {
    rmSync(passwordSource, { force: true });
    rmSync(work, { recursive: true, force: true });
  }
  return template;
}

async function runInitdb(
  folder: string,
  passwordSource: string,
  programs: PostgresPrograms,
  privilege: Privilege,
): Promise<void> {
  // Full Unicode rules for upper(), lower() and matching, the same on every machine; older servers only have the libc's.
  const locale =
    programs.majorVersion >= 17 ? ["--locale-provider=builtin", "--builtin-locale=C.UTF-8"] : ["--no-locale"];
  const { status, output } = await runProgram(
    [
      ...privilege.prefix,
      programs.initdb,
      ...["-D", folder, "-U", adminRole, "--pwfile", passwordSource, "--auth=scram-sha-256"],
      ...["-E", "UTF8", "--locale=C", ...locale, "--no-sync", "--no-instructions"],
    ],
    { ...process.env, ...programs.env, TZ: "UTC", LC_ALL: "C" },
  );
  if (status !== 0) throw new EngineError("postgres_init_failed", `${programs.initdb} said:\n${output.trim()}`);
}

async function copyTemplate(template: string, dataDir: string): Promise<void> {
  const work = join(dirname(dataDir), `.${basename(dataDir)}.${process.pid}-${randomBytes(4).toString("hex")}`);
  try {
    await cp(template, work, { recursive: true, mode: constants.COPYFILE_FICLONE });
    moveInto(work, dataDir);
  } finally {
    await rm(work, { recursive: true, force: true });
  }
}

/** Of several processes that get here at once the first wins and the others use its folder. */
function moveInto(work: string, target: string): void {
  try {
    renameSync(work, target);
  } catch (error) {
    if (!existsSync(join(target, "PG_VERSION"))) throw error;
  }
}
