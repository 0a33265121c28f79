// A process with buckets in a folder and the gateway that serves their URLs. Tells the signed URLs of one object, and when it is asked, how much
// memory it took at most.
import { Bucket } from "tenon/storage/objects";
import { openFiles } from "./open-stores.mjs";
import { watchRss } from "./peak-memory.mjs";

const files = await openFiles();
const rssBytes = watchRss();
const bucket = new Bucket("plain");
const upload = (await bucket.signedUploadUrl("large")).url;
const download = (await bucket.signedDownloadUrl("large")).url;
process.on("message", () => process.send({ rssBytes: rssBytes() }));
process.once("disconnect", () => void files.close());
process.send({ upload, download });
