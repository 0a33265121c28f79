// Reads `postmaster.pid`, the file by which a running PostgreSQL marks its data folder as taken.
import { readFileSync, rmSync, statSync } from "node:fs";
import { join } from "node:path";
import { runProgram } from "./run-program.ts";

export interface Postmaster {
  readonly pid: number;
  readonly port: number;
  /** Empty where there is none (Windows). */
  readonly socketFolder: string;
  readonly status: "starting" | "ready" | "stopping" | "unknown";
}

const emptyFileGraceMs = 2_000;

/** The server that has the folder now; a file that a killed server left behind is removed. */
export async function findPostmaster(dataDir: string): Promise<Postmaster | undefined> {
  const path = join(dataDir, "postmaster.pid");
  let lines: string[];
  try {
    lines = readFileSync(path, "utf8").split("\n");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw error;
  }
  const pid = Number(lines[0]);
  if (!(pid > 0)) {
    // Empty for an instant while a server that starts now writes it; for good when the machine lost power in that instant.
    const ageMs = Date.now() - (statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? 0);
    if (ageMs > emptyFileGraceMs) rmSync(path, { force: true });
    return undefined;
  }
  if (!(await isPostgres(pid))) {
    rmSync(path, { force: true });
    return undefined;
  }
  const status = lines[7]?.trim();
  return {
    pid,
    port: Number(lines[3]),
    socketFolder: lines[4]?.trim() ?? "",
    status: status === "starting" || status === "ready" || status === "stopping" ? status : "unknown",
  };
}

export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
  return !isZombie(pid);
}

/** Killed, but its parent has not asked for its exit code yet. */
function isZombie(pid: number): boolean {
  if (process.platform !== "linux") return false;
  try {
    return / Z /.test(readFileSync(`/proc/${pid}/stat`, "utf8").replace(/^.*\)/s, ""));
  } catch {
    return true;
  }
}

/** The number may have been given to another program since. */
async function isPostgres(pid: number): Promise<boolean> {
  if (!isAlive(pid)) return false;
  if (process.platform === "linux") {
    try {
      return readFileSync(`/proc/${pid}/comm`, "utf8").startsWith("postgres");
    } catch {
      return false;
    }
  }
  if (process.platform === "win32") return true;
  const { output } = await runProgram(["ps", "-p", String(pid), "-o", "comm="]);
  return output.includes("postgres");
}
