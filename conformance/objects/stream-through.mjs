// A process that streams an object of a given size into a bucket or out of it and tells how much memory it took at most. Arguments: the store's
// configuration as JSON, the step ("in" or "out"), the size in MiB.
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { Bucket } from "tenon/storage/objects";
import { configureObjects } from "@tenon/runtime/objects";
import { buckets } from "./open-stores.mjs";

const [config, step, size] = process.argv.slice(2);
const sizeBytes = Number(size) * 1024 * 1024;
configureObjects(buckets, JSON.parse(config));
const bucket = new Bucket("plain");
const hash = createHash("md5");
let largest = 0;
const timer = setInterval(() => {
  largest = Math.max(largest, process.memoryUsage.rss());
}, 20);

/** Every chunk is another buffer with other bytes, as from a socket. */
async function* bytes() {
  for (let sent = 0; sent < sizeBytes; ) {
    const chunk = Buffer.alloc(Math.min(64 * 1024, sizeBytes - sent), `${sent} `);
    hash.update(chunk);
    sent += chunk.length;
    yield chunk;
    if (sent % (16 * 1024 * 1024) === 0) await new Promise((resolve) => setImmediate(resolve));
  }
}

const startedAt = performance.now();
if (step === "in") await bucket.upload("large", bytes());
else {
  const { body } = await bucket.openDownload("large");
  for await (const chunk of body) hash.update(chunk);
}
const seconds = (performance.now() - startedAt) / 1000;
clearInterval(timer);
process.send({ step, md5: hash.digest("hex"), seconds, rssBytes: peakRss() ?? largest });
process.disconnect();

/** What the kernel has noted, where it does: nothing slips between two looks. */
function peakRss() {
  try {
    const kilobytes = /^VmHWM:\s+(\d+) kB$/m.exec(readFileSync("/proc/self/status", "utf8"))?.[1];
    return kilobytes === undefined ? undefined : Number(kilobytes) * 1024;
  } catch {
    return undefined;
  }
}
