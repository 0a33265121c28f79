// A process that streams an object of a given size into a bucket or out of it and tells how much memory it took at most. Arguments: the store's
// configuration as JSON, the step ("in" or "out"), the size in MiB.
import { Bucket } from "tenon/storage/objects";
import { configureObjects } from "@tenon/runtime/objects";
import { largeData, md5Of } from "./large-data.mjs";
import { buckets } from "./open-stores.mjs";
import { watchRss } from "./peak-memory.mjs";

const [config, step, size] = process.argv.slice(2);
configureObjects(buckets, JSON.parse(config));
const bucket = new Bucket("plain");
const rssBytes = watchRss();
const startedAt = performance.now();
let md5;
if (step === "in") {
  const data = largeData(Number(size) * 1024 * 1024);
  await bucket.upload("large", data.bytes());
  md5 = data.md5();
} else md5 = await md5Of((await bucket.openDownload("large")).body);
process.send({ step, md5, seconds: (performance.now() - startedAt) / 1000, rssBytes: rssBytes() });
process.disconnect();
