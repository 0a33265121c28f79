// PUT and DELETE of objects, copies among them.
import type { Readable } from "node:stream";
import {
  checkName,
  childrenOf,
  type ObjectRange,
  readXml,
  type StoredObject,
  textOf,
  XmlError,
  type XmlNode,
} from "@tenon/runtime/objects";
import { checksumHeaders, readCondition, readHeaders, versionHeader } from "./object-headers.ts";
import { receiveBody, receiveText } from "./received-body.ts";
import { emptyAnswer, isoTime, quoted, type S3Answer, xmlAnswer } from "./s3-answer.ts";
import { S3Error } from "./s3-error.ts";
import type { BucketPlace, S3Places } from "./s3-place.ts";
import { headerOf, queryOf, type S3Request } from "./s3-request.ts";
import type { Verified } from "./verify-signature.ts";

const documentLimitBytes = 2 * 1024 * 1024;
const mostDeleted = 1_000;

export async function putObject(request: S3Request, place: BucketPlace, verified: Verified): Promise<S3Answer> {
  const { store, bucket } = place;
  const { key } = request;
  checkKey(place, key);
  const { headers, metadata } = readHeaders(request);
  const condition = readCondition(request);
  const body = receiveBody(request, verified);
  const received = await store.receive(body.bytes);
  const s3Checksums = body.checksums();
  const kept = Object.keys(s3Checksums).length === 0 ? {} : { s3Checksums };
  const attrs = await store.place(key, received, { headers, metadata, condition, checksum: {}, ...kept });
  const own = { etag: quoted(attrs.etag), ...versionHeader(attrs, bucket.isVersioned) };
  return emptyAnswer(200, { ...own, ...checksumHeaders(s3Checksums) });
}

export async function copyObject(request: S3Request, place: BucketPlace, places: S3Places): Promise<S3Answer> {
  const { store, bucket } = place;
  checkKey(place, request.key);
  // A range is for parts; on a whole copy S3 does not look at it.
  const source = await openSource(request, places, undefined);
  const received = await store.receive(source.bytes);
  const directive = headerOf(request, "x-amz-metadata-directive")?.toUpperCase() ?? "COPY";
  const { contentType, cacheControl, contentDisposition, contentEncoding, metadata = {}, s3Checksums } = source.object;
  const given = Object.entries({ contentType, cacheControl, contentDisposition, contentEncoding });
  const copied = { headers: Object.fromEntries(given.filter(([, value]) => value !== undefined)), metadata };
  const described = directive === "REPLACE" ? readHeaders(request) : copied;
  const kept = s3Checksums === undefined ? {} : { s3Checksums };
  const attrs = await store.place(request.key, received, {
    ...described,
    ...kept,
    condition: readCondition(request),
    checksum: source.object.checksum ?? {},
  });
  const result: XmlNode[] = [
    ["ETag", quoted(attrs.etag)],
    ["LastModified", isoTime(attrs.lastModified?.getTime() ?? 0)],
  ];
  return xmlAnswer(["CopyObjectResult", result], versionHeader(attrs, bucket.isVersioned));
}

/** The bytes that `x-amz-copy-source` names; `wantedRange` as `x-amz-copy-source-range` has it. Throws S3Error and ObjectNotFound. */
export async function openSource(
  request: S3Request,
  places: S3Places,
  wantedRange: string | undefined,
): Promise<{ readonly object: StoredObject; readonly bytes: Readable }> {
  const { bucket, key, version } = readSource(headerOf(request, "x-amz-copy-source") ?? "");
  const { store } = places.find(bucket);
  const object = await store.stored(key, version);
  const ifMatch = headerOf(request, "x-amz-copy-source-if-match");
  if (ifMatch !== undefined && ifMatch.replace(/^"|"$/g, "") !== object.etag)
    throw new S3Error("PreconditionFailed", "The source of the copy is another one by now");
  const range = rangeOfSource(wantedRange, object.size);
  const { attrs, body } = await store.open(key, { version, range, signal: undefined });
  if (attrs.etag === object.etag) return { object, bytes: body };
  body.destroy();
  return await openSource(request, places, wantedRange);
}

export async function deleteObject(request: S3Request, { store, bucket }: BucketPlace): Promise<S3Answer> {
  const version = queryOf(request, "versionId");
  await store.remove(request.key, version);
  return emptyAnswer(204, versionHeader({ version }, bucket.isVersioned));
}

export async function deleteObjects(request: S3Request, place: BucketPlace, verified: Verified): Promise<S3Answer> {
  const root = readDocument(await receiveText(request, verified, documentLimitBytes), "Delete");
  const objects = childrenOf(root, "Object");
  if (objects.length === 0 || objects.length > mostDeleted)
    throw new S3Error("MalformedXML", `1 to ${mostDeleted} objects can be deleted at a time.`);
  const isQuiet = textOf(root, "Quiet")?.trim() === "true";
  const results: XmlNode[] = [];
  for (const object of objects) {
    const key = textOf(object, "Key") ?? "";
    const version = textOf(object, "VersionId");
    await place.store.remove(key, version);
    if (!isQuiet)
      results.push([
        "Deleted",
        [
          ["Key", key],
          ["VersionId", version],
        ],
      ]);
  }
  return xmlAnswer(["DeleteResult", results]);
}

export function readDocument(text: string, rootName: string): ReturnType<typeof readXml> {
  try {
    const root = readXml(text);
    if (root.name === rootName) return root;
  } catch (error) {
    if (!(error instanceof XmlError)) throw error;
  }
  throw new S3Error("MalformedXML", `The body must be an XML document with the root ${rootName}.`);
}

/** Throws S3Error. */
export function checkKey({ bucket }: BucketPlace, key: string): void {
  try {
    checkName(bucket.name, key);
  } catch (error) {
    throw new S3Error("KeyTooLongError", (error as Error).message);
  }
}

function readSource(text: string): {
  readonly bucket: string;
  readonly key: string;
  readonly version: string | undefined;
} {
  const mark = text.indexOf("?versionId=");
  const path = decodeSource(mark === -1 ? text : text.slice(0, mark)).replace(/^\//, "");
  const slash = path.indexOf("/");
  if (slash < 1 || slash === path.length - 1)
    throw new S3Error("InvalidArgument", "x-amz-copy-source must be <bucket>/<key>, percent-encoded.");
  const version = mark === -1 ? undefined : decodeSource(text.slice(mark + "?versionId=".length));
  return { bucket: path.slice(0, slash), key: path.slice(slash + 1), version };
}

function decodeSource(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    throw new S3Error("InvalidArgument", "x-amz-copy-source is not percent-encoded UTF-8.");
  }
}

function rangeOfSource(text: string | undefined, sizeBytes: number): ObjectRange | undefined {
  if (text === undefined) return undefined;
  const match = /^bytes=(\d{1,15})-(\d{1,15})$/.exec(text);
  const [start, end] = [Number(match?.[1]), Number(match?.[2])];
  if (match === null || start > end || end >= sizeBytes)
    throw new S3Error("InvalidArgument", `The range ${text} is not within the ${sizeBytes} bytes of the source.`);
  return { offset: start, length: end - start + 1 };
}
