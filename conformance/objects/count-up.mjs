// A process that counts an object up, each time only from the number it has seen, and tells each time it has done so; until somebody ends it.
// Argument: the store's configuration as JSON.
import { Bucket, PreconditionFailed } from "tenon/storage/objects";
import { configureObjects } from "@tenon/runtime/objects";
import { buckets } from "./open-stores.mjs";

configureObjects(buckets, JSON.parse(process.argv[2]));
const bucket = new Bucket("plain");

for (;;) {
  const { attrs, body } = await bucket.openDownload("count");
  let text = "";
  for await (const part of body) text += part;
  // Larger than what is written at once, so that a half would show.
  const next = String(Number.parseInt(text, 10) + 1).padEnd(300_000, " ");
  try {
    await bucket.upload("count", next, { preconditions: { ifMatch: attrs.etag } });
    process.send("counted");
  } catch (error) {
    if (!(error instanceof PreconditionFailed)) throw error;
  }
}
