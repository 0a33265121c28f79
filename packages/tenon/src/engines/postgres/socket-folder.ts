// Where the server's Unix socket lies: app folders can be deeper than the 107 bytes that a socket path may have.
import { createHash } from "node:crypto";
import { chmodSync, lstatSync, mkdirSync } from "node:fs";
import { tmpdir, userInfo } from "node:os";
import { join } from "node:path";
import type { Privilege } from "./drop-privilege.ts";
import { takeOwnership } from "./drop-privilege.ts";

const longestSocketPathBytes = 107;

/** A folder only this user can enter, the same for the same data folder; undefined where sockets are not to be had. */
export function makeSocketFolder(dataDir: string, privilege: Privilege): string | undefined {
  if (process.platform === "win32") return undefined;
  const key = createHash("sha256").update(`${userInfo().uid}:${dataDir}`).digest("hex").slice(0, 12);
  for (const base of new Set([tmpdir(), "/tmp"])) {
    const folder = join(base, `tenon-pg-${key}`);
    if (Buffer.byteLength(`${folder}/.s.PGSQL.65535`) > longestSocketPathBytes) continue;
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    const owner = lstatSync(folder);
    // Somebody else may have made it first, to listen in.
    if (!owner.isDirectory() || ![process.getuid?.(), privilege.owner].includes(owner.uid)) continue;
    takeOwnership(folder, privilege.owner);
    chmodSync(folder, 0o700);
    return folder;
  }
  return undefined;
}
