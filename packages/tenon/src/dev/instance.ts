// The one running `tenon dev` of an app, written to `.tenon/dev.json`: keeps a second one out (it would share the database server and the
// generated files, and take them away when it ends) and tells other commands where the first one listens.
import { link, mkdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { CommandError } from "../commands/definition.ts";

export interface InstanceInfo {
  readonly pid: number;
  /** Base URLs, once it listens. */
  readonly gateway?: string;
  readonly dashboard?: string;
  /** The set of local data that it works on. */
  readonly namespace?: string;
}

export interface Instance {
  announce(addresses: { gateway: string; dashboard: string; namespace?: string }): Promise<void>;
  release(): Promise<void>;
}

const fileOf = (appDir: string): string => join(appDir, ".tenon", "dev.json");

/** Throws CommandError `already_running` while another process holds the app; a file whose process is gone is taken over. */
export async function claimInstance(appDir: string): Promise<Instance> {
  const file = fileOf(appDir);
  await mkdir(dirname(file), { recursive: true });
  for (let attempt = 0; !(await tryCreate(file)); attempt++) {
    const holder = await readInstance(appDir);
    if (holder !== undefined) {
      throw new CommandError(
        "already_running",
        `tenon dev is already running for this app (process ${holder.pid}${holder.gateway ? `, ${holder.gateway}` : ""})`,
        "Stop it first: Ctrl-C in its terminal, or end that process.",
      );
    }
    if (attempt > 5)
      throw new CommandError("lock_failed", `${file} can't be taken over`, "Delete the file and try again.");
    await rm(file, { force: true });
  }
  return {
    async announce(addresses) {
      const info: InstanceInfo = { pid: process.pid, ...addresses };
      await mkdir(dirname(file), { recursive: true });
      await writeFile(`${file}.new`, JSON.stringify(info));
      await rename(`${file}.new`, file);
    },
    release: () => rm(file, { force: true }),
  };
}

/** The running instance of an app; undefined when there is none. */
export async function readInstance(appDir: string): Promise<InstanceInfo | undefined> {
  try {
    const info = JSON.parse(await readFile(fileOf(appDir), "utf8")) as InstanceInfo;
    return isRunning(info.pid) ? info : undefined;
  } catch {
    // Not there, or just being written by a process that died: nobody who runs.
    return undefined;
  }
}

/** The file appears with its content, in one step: whoever finds it finds out who holds it. */
async function tryCreate(file: string): Promise<boolean> {
  const own = `${file}.${process.pid}`;
  await writeFile(own, JSON.stringify({ pid: process.pid } satisfies InstanceInfo));
  try {
    await link(own, file);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "EEXIST") return false;
    throw error;
  } finally {
    await rm(own, { force: true });
  }
}

function isRunning(pid: number): boolean {
  if (!Number.isInteger(pid) || pid <= 0 || pid === process.pid) return false;
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}
