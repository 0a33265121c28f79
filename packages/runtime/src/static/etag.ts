// Strong validators of files. Small files are known by their content, so that copies of an app on several machines agree; large ones by
// what the file system says, because nobody wants to wait until all of it has been read.
import { createHash } from "node:crypto";
import type { OpenFile } from "./find-file.ts";
import { BoundedCache } from "./bounded-cache.ts";

const MAX_HASHED_BYTES = 16 * 1024 * 1024;
const MAX_REMEMBERED = 10_000;

const remembered = new BoundedCache<string>(MAX_REMEMBERED);

/** Without quotes, so that the forms of a file can have names of their own. */
export async function fingerprintOf(file: OpenFile): Promise<string> {
  if (file.sizeBytes > MAX_HASHED_BYTES) return file.version;
  const key = `${file.path} ${file.version}`;
  const known = remembered.get(key);
  if (known !== undefined) return known;
  const hash = createHash("sha256");
  const buffer = Buffer.alloc(Math.min(Math.max(file.sizeBytes, 1), 256 * 1024));
  for (let position = 0; ; ) {
    const { bytesRead } = await file.handle.read(buffer, 0, buffer.length, position);
    if (bytesRead === 0) break;
    hash.update(buffer.subarray(0, bytesRead));
    position += bytesRead;
  }
  const fingerprint = hash.digest("base64url").slice(0, 27);
  remembered.set(key, fingerprint, 1);
  return fingerprint;
}
