// Where Tenon keeps what can be made again for this user: the template data folder and the library links.
import { accessSync, constants, mkdirSync } from "node:fs";
import { homedir, tmpdir, userInfo } from "node:os";
import { join } from "node:path";

/** Makes the folder when it is missing; takes one under the system's temporary folder where the home is not writable. */
export function cacheFolder(...names: string[]): string {
  for (const base of [userCache(), join(tmpdir(), `tenon-cache-${userInfo().username}`)]) {
    const folder = join(base, ...names);
    try {
      mkdirSync(folder, { recursive: true, mode: 0o700 });
      accessSync(folder, constants.W_OK);
      return folder;
    } catch {
      // The next place may be writable.
    }
  }
  throw new Error(`no folder for caches is writable: neither ${userCache()} nor ${tmpdir()}`);
}

function userCache(): string {
  if (process.env["XDG_CACHE_HOME"]) return join(process.env["XDG_CACHE_HOME"], "tenon");
  if (process.platform === "darwin") return join(homedir(), "Library", "Caches", "tenon");
  if (process.platform === "win32") return join(process.env["LOCALAPPDATA"] ?? homedir(), "tenon", "cache");
  return join(homedir(), ".cache", "tenon");
}
