// Listings: of buckets, of objects (both versions of the operation) and of uploads that are under way.
import { foldNames, type StoredObject, type XmlNode } from "@tenon/runtime/objects";
import { isoTime, quoted, type S3Answer, xmlAnswer } from "./s3-answer.ts";
import { S3Error } from "./s3-error.ts";
import type { BucketPlace, S3Places } from "./s3-place.ts";
import { queryOf, type S3Request } from "./s3-request.ts";

const longestPage = 1_000;
const owner: XmlNode = [
  "Owner",
  [
    ["ID", "tenon"],
    ["DisplayName", "tenon"],
  ],
];

export function listBuckets({ buckets }: S3Places): S3Answer {
  const listed = buckets.map(
    ({ name }): XmlNode => [
      "Bucket",
      [
        ["Name", name],
        ["CreationDate", isoTime(0)],
      ],
    ],
  );
  return xmlAnswer(["ListAllMyBucketsResult", [owner, ["Buckets", listed]]]);
}

interface Page {
  readonly nodes: readonly XmlNode[];
  readonly count: number;
  /** Name or prefix of the last entry; undefined: there are no more behind it. */
  readonly next: string | undefined;
}

export async function listObjectsV2(request: S3Request, place: BucketPlace): Promise<S3Answer> {
  const token = queryOf(request, "continuation-token");
  const startAfter = token === undefined ? queryOf(request, "start-after") : readToken(token);
  const page = await readPage(request, place, startAfter);
  return xmlAnswer([
    "ListBucketResult",
    [
      ...shared(request, place),
      ["StartAfter", encoder(request)(queryOf(request, "start-after"))],
      ["ContinuationToken", token],
      ["NextContinuationToken", page.next === undefined ? undefined : Buffer.from(page.next).toString("base64url")],
      ["KeyCount", page.count],
      ["IsTruncated", page.next !== undefined],
      ...page.nodes,
    ],
  ]);
}

export async function listObjectsV1(request: S3Request, place: BucketPlace): Promise<S3Answer> {
  const marker = queryOf(request, "marker");
  const page = await readPage(request, place, marker);
  const encode = encoder(request);
  return xmlAnswer([
    "ListBucketResult",
    [
      ...shared(request, place),
      ["Marker", encode(marker ?? "")],
      ["NextMarker", encode(page.next)],
      ["IsTruncated", page.next !== undefined],
      ...page.nodes,
    ],
  ]);
}

export async function listUploads(request: S3Request, { bucket, uploads }: BucketPlace): Promise<S3Answer> {
  const prefix = queryOf(request, "prefix") ?? "";
  const encode = encoder(request);
  const found = (await uploads.all()).filter(({ name }) => name.startsWith(prefix));
  const nodes = found.map(
    ({ id, name, startedAtMs }): XmlNode => [
      "Upload",
      [
        ["Key", encode(name)],
        ["UploadId", id],
        ["Initiated", isoTime(startedAtMs)],
      ],
    ],
  );
  return xmlAnswer([
    "ListMultipartUploadsResult",
    [["Bucket", bucket.name], ["Prefix", encode(prefix)], ["IsTruncated", false], ...nodes],
  ]);
}

async function readPage(request: S3Request, { store }: BucketPlace, startAfter: string | undefined): Promise<Page> {
  const prefix = queryOf(request, "prefix") ?? "";
  const delimiter = queryOf(request, "delimiter") || undefined;
  const limit = limitOf(request);
  const objects = await store.all(prefix);
  const byName = new Map(objects.map((object) => [object.name, object]));
  const encode = encoder(request);
  const nodes: XmlNode[] = [];
  let last: string | undefined;
  for (const entry of foldNames(objects, { prefix, delimiter, startAfter })) {
    if (nodes.length === limit) return { nodes, count: nodes.length, next: last };
    last = "prefix" in entry ? entry.prefix : entry.name;
    nodes.push(
      "prefix" in entry
        ? ["CommonPrefixes", [["Prefix", encode(entry.prefix)]]]
        : contents(byName.get(entry.name)!, encode),
    );
  }
  return { nodes, count: nodes.length, next: undefined };
}

function contents(object: StoredObject, encode: Encode): XmlNode {
  return [
    "Contents",
    [
      ["Key", encode(object.name)],
      ["LastModified", isoTime(object.modifiedAtMs)],
      ["ETag", quoted(object.etag)],
      ["Size", object.size],
      ["StorageClass", "STANDARD"],
    ],
  ];
}

function shared(request: S3Request, { bucket }: BucketPlace): XmlNode[] {
  const encode = encoder(request);
  return [
    ["Name", bucket.name],
    ["Prefix", encode(queryOf(request, "prefix") ?? "")],
    ["Delimiter", encode(queryOf(request, "delimiter"))],
    ["MaxKeys", limitOf(request)],
    ["EncodingType", queryOf(request, "encoding-type")],
  ];
}

type Encode = (text: string | undefined) => string | undefined;

/** Names that XML cannot hold go as those of a URL, where the client asks for it. */
function encoder(request: S3Request): Encode {
  const type = queryOf(request, "encoding-type");
  if (type === undefined) return (text) => text;
  if (type !== "url") throw new S3Error("InvalidArgument", 'encoding-type must be "url".');
  return (text) => (text === undefined ? undefined : encodeURIComponent(text).replaceAll("%2F", "/"));
}

function limitOf(request: S3Request): number {
  const text = queryOf(request, "max-keys");
  if (text === undefined || text === "") return longestPage;
  if (!/^\d{1,9}$/.test(text)) throw new S3Error("InvalidArgument", "max-keys must be a whole number.");
  return Math.min(Number(text), longestPage);
}

function readToken(token: string): string {
  const name = Buffer.from(token, "base64url").toString("utf8");
  if (name === "") throw new S3Error("InvalidArgument", "The continuation token is none that was given out here.");
  return name;
}
