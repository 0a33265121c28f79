// Of which commit the sources are; asked of git, which an app need not use.
import { execFile } from "node:child_process";
import { promisify } from "node:util";
import type { BuildMeta } from "@tenon/runtime";

const run = promisify(execFile);
/** A repository on a slow network drive must not hold anything up. */
const TIMEOUT_MS = 5_000;

/** `revision` is "" where there is no git, no repository or no commit. */
export async function readGitRevision(folder: string): Promise<BuildMeta> {
  const git = (...args: string[]) => run("git", ["-C", folder, ...args], { timeout: TIMEOUT_MS });
  try {
    const [head, status] = await Promise.all([git("rev-parse", "HEAD"), git("status", "--porcelain", "--", ".")]);
    return { revision: head.stdout.trim(), uncommittedChanges: status.stdout.trim() !== "" };
  } catch {
    return { revision: "", uncommittedChanges: false };
  }
}
