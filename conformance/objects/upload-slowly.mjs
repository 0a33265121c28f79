// A process that uploads an object byte by byte and says how far it is, until somebody ends it. Arguments: the store's configuration as JSON, and
// the name of the object.
import { Bucket } from "tenon/storage/objects";
import { configureObjects } from "@tenon/runtime/objects";
import { buckets } from "./open-stores.mjs";

const [config, name] = process.argv.slice(2);
configureObjects(buckets, JSON.parse(config));
const part = Buffer.alloc(1024 * 1024, "half");

async function* slowly() {
  for (let sent = 0; ; sent += part.length) {
    yield part;
    process.send(sent);
    await new Promise((resolve) => setTimeout(resolve, 1));
  }
}

await new Bucket("plain").upload(name, slowly());
