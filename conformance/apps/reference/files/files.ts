// Objects: everything that a bucket can be asked for, through references with exactly that permission.
import { api } from "encore.dev/api";
import {
  type Attrser,
  Bucket,
  type BucketConfig,
  type BucketPerms,
  type Downloader,
  type Lister,
  type ListEntry,
  type ListOptions,
  type ObjectAttrs,
  ObjectNotFound,
  ObjectsError,
  PreconditionFailed,
  type PublicUrler,
  type ReadWriter,
  type Remover,
  type SignedDownloader,
  type SignedUploader,
  type Uploader,
  type UploadOptions,
} from "encore.dev/storage/objects";

const config: BucketConfig = { public: true, versioned: false };

export const pictures = new Bucket("pictures", { public: true });
export const letters = new Bucket("letters", { versioned: true });

const writer = letters.ref<Uploader & SignedUploader>();
const reader = Bucket.named("letters").ref<Downloader & SignedDownloader & Attrser>();
const keeper = letters.ref<Lister & Remover>();
const both: ReadWriter = pictures.ref<ReadWriter>();
const shown = pictures.ref<PublicUrler>();
const nothing: BucketPerms = shown;

interface Objects {
  first: string;
  latest: string;
  contentType: string | undefined;
  sizes: number[];
  names: string[];
  second: string;
  missing: string;
  exists: boolean[];
  uploadedBySignature: string;
  publicUrl: string;
  isPublic: boolean;
}

async function kindOf(run: () => Promise<unknown>): Promise<string> {
  try {
    await run();
    return "no failure";
  } catch (error) {
    if (!(error instanceof ObjectsError)) throw error;
    if (error instanceof ObjectNotFound) return "not found";
    return error instanceof PreconditionFailed ? "precondition failed" : "other";
  }
}

export const objects = api({ method: "POST", path: "/objects", expose: true }, async (): Promise<Objects> => {
  const options: UploadOptions = { contentType: "text/plain", preconditions: { notExists: true } };
  const first: ObjectAttrs = await writer.upload("a/1.txt", Buffer.from("one"), options);
  await writer.upload("a/1.txt", Buffer.from("one, again"));
  await writer.upload("b/2.txt", Buffer.from("two"));
  const versioned = first.version === undefined ? {} : { version: first.version };

  const listed: ListEntry[] = [];
  const within: ListOptions = { prefix: "a/", limit: 10 };
  for await (const entry of keeper.list(within)) listed.push(entry);

  const { url: target } = await writer.signedUploadUrl("c/3.txt", { ttl: 60 });
  await fetch(target, { method: "PUT", body: "three" });
  const { url: source } = await reader.signedDownloadUrl("c/3.txt", { ttl: 60 });

  const existed = await reader.exists("b/2.txt");
  await keeper.remove("b/2.txt");
  await both.upload("ada.png", Buffer.from([1, 2, 3]), { contentType: "image/png" });
  return {
    first: (await reader.download("a/1.txt", versioned)).toString(),
    latest: (await reader.download("a/1.txt")).toString(),
    contentType: (await both.attrs("ada.png")).contentType,
    sizes: [first.size, ...listed.map(({ size }) => size)],
    names: listed.map(({ name }) => name),
    second: await kindOf(() => writer.upload("a/1.txt", Buffer.from("x"), options)),
    missing: await kindOf(() => reader.download("b/2.txt")),
    exists: [existed, await reader.exists("b/2.txt")],
    uploadedBySignature: await (await fetch(source)).text(),
    publicUrl: shown.publicUrl("ada.png"),
    isPublic: nothing === shown && config.public === true,
  };
});
