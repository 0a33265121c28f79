// How much memory a large object takes on its way in and out of a bucket: `node bench/objects/run.mjs [MiB]`, 2048 without. Each step runs in a
// process of its own; memory is the largest RSS of that process. Prints one JSON object a step.
import { statfs } from "node:fs/promises";
import { tmpdir } from "node:os";
import { measureMemory } from "../../conformance/objects/measure-memory.mjs";

const sizeMiB = Number(process.argv[2] ?? 2048);
// The S3 endpoint holds parts and object for a moment.
const neededBytes = sizeMiB * 2.2 * 1024 * 1024;
const { bavail, bsize } = await statfs(tmpdir());
if (bavail * bsize < neededBytes)
  throw new Error(`${tmpdir()} has no room for ${Math.ceil(neededBytes / 2 ** 30)} GiB`);

for (const store of ["files", "s3", "gateway"]) {
  for (const { rssBytes, seconds, ...result } of await measureMemory(store, sizeMiB)) {
    const rssMiB = Math.round(rssBytes / 2 ** 20);
    console.log(JSON.stringify({ ...result, seconds: Number(seconds.toFixed(2)), rssMiB, node: process.version }));
  }
}
