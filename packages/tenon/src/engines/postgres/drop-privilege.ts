// PostgreSQL refuses to run as root, which containers and CI machines are: finds a way to run it as somebody else, by trying.
import { chownSync, lchownSync, readdirSync, rmSync, statSync } from "node:fs";
import { join } from "node:path";
import { EngineError } from "./errors.ts";
import { runProgram } from "./run-program.ts";

export interface Privilege {
  /** Words to put before a command. */
  readonly prefix: readonly string[];
  /** Who must own the folders that the server writes to; null: whoever owns them now. */
  readonly owner: number | null;
}

const nobody = 65_534;
const setpriv = ["setpriv", `--reuid=${nobody}`, `--regid=${nobody}`, "--clear-groups"];

/** In order of preference: the first leaves all files with root and also works below /root, but Docker's default profile forbids it. */
const ways: readonly Privilege[] = [
  { prefix: ["unshare", "--user", `--map-user=${nobody}`, `--map-group=${nobody}`], owner: 0 },
  { prefix: setpriv, owner: nobody },
  { prefix: [...setpriv, "--inh-caps=+dac_override", "--ambient-caps=+dac_override"], owner: nobody },
];

/** `folders` must exist: the server will write to them. */
export async function dropPrivilege(
  postgres: string,
  env: NodeJS.ProcessEnv,
  folders: readonly string[],
): Promise<Privilege> {
  if (process.getuid?.() !== 0) return { prefix: [], owner: null };
  const failures: string[] = [];
  for (const way of ways) {
    const failure = await whyNot(way, postgres, env, folders);
    if (failure === undefined) return way;
    failures.push(`${way.prefix.join(" ")}: ${failure}`);
  }
  throw new EngineError("postgres_root_refused", failures.join("; "));
}

async function whyNot(
  way: Privilege,
  postgres: string,
  env: NodeJS.ProcessEnv,
  folders: readonly string[],
): Promise<string | undefined> {
  const version = await runProgram([...way.prefix, postgres, "--version"], { ...process.env, ...env });
  if (version.status !== 0) return version.output.trim().split("\n")[0] || "does not run";
  for (const folder of folders) {
    const before = statSync(folder).uid;
    takeOwnership(folder, way.owner);
    // A real file: access(2), which test(1) asks, knows nothing of the capability of the last way.
    const file = join(folder, `.tenon-probe-${process.pid}`);
    const { status } = await runProgram([...way.prefix, "touch", file]);
    rmSync(file, { force: true });
    if (status === 0) continue;
    takeOwnership(folder, before);
    return `${folder} is not writable for that user`;
  }
  return undefined;
}

/** Gives a folder and everything in it to the user, unless it already is theirs. */
export function takeOwnership(path: string, owner: number | null): void {
  if (owner === null || statSync(path).uid === owner) return;
  for (const entry of readdirSync(path, { recursive: true, withFileTypes: true })) {
    lchownSync(join(entry.parentPath ?? entry.path, entry.name), owner, owner);
  }
  // Last, so that a folder that was left half done is done again.
  chownSync(path, owner, owner);
}
