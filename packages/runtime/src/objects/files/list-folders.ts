// All objects of a bucket's folder, as they are described at the moment.
import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { compareNames } from "../object-order.ts";
import { isMissing } from "./durable-files.ts";
import { ObjectFolder } from "./object-folder.ts";
import type { StoredObject } from "./stored-object.ts";

/** As many folders are read at a time. */
const concurrency = 16;

/** Those whose names begin with `prefix`, in order. */
export async function listFolders(
  bucketFolder: string,
  prefix: string,
  isVersioned: boolean,
  nowMs: number,
): Promise<StoredObject[]> {
  const names = await readdir(bucketFolder).catch((error: unknown) => {
    if (isMissing(error)) return [];
    throw error;
  });
  const folders = names.filter((name) => !name.startsWith("."));
  const found: StoredObject[] = [];
  const readNext = async () => {
    for (let name = folders.pop(); name !== undefined; name = folders.pop()) {
      const folder = new ObjectFolder(join(bucketFolder, name), isVersioned);
      const object = await folder.current();
      if (object === undefined) await folder.removeIfGone(nowMs);
      else if (object.name.startsWith(prefix)) found.push(object);
    }
  };
  await Promise.all(Array.from({ length: concurrency }, readNext));
  return found.sort((a, b) => compareNames(a.name, b.name));
}
