// Uploads in parts.
import type { ObjectAttrs } from "@tenon/runtime";
import {
  childrenOf,
  type CompletedPart,
  type MultipartUpload,
  textOf,
  type UploadPart,
  type XmlNode,
} from "@tenon/runtime/objects";
import { checksumHeaders, readCondition, readHeaders, versionHeader } from "./object-headers.ts";
import { receiveBody, receiveText } from "./received-body.ts";
import { emptyAnswer, isoTime, quoted, type S3Answer, xmlAnswer } from "./s3-answer.ts";
import { S3Error } from "./s3-error.ts";
import { s3ErrorOf } from "./s3-error-of.ts";
import { slowAnswer, type XmlResult } from "./slow-answer.ts";
import type { BucketPlace, S3Places } from "./s3-place.ts";
import { headerOf, queryOf, type S3Request } from "./s3-request.ts";
import type { Verified } from "./verify-signature.ts";
import { checkKey, openSource, readDocument } from "./write-objects.ts";

const mostParts = 10_000;
const documentLimitBytes = 4 * 1024 * 1024;
const longestPage = 1_000;

export async function createUpload(request: S3Request, place: BucketPlace): Promise<S3Answer> {
  checkKey(place, request.key);
  const { id } = await place.uploads.create({ name: request.key, ...readHeaders(request) });
  return xmlAnswer([
    "InitiateMultipartUploadResult",
    [
      ["Bucket", place.bucket.name],
      ["Key", request.key],
      ["UploadId", id],
    ],
  ]);
}

export async function uploadPart(request: S3Request, place: BucketPlace, verified: Verified): Promise<S3Answer> {
  const upload = await findUpload(request, place);
  const body = receiveBody(request, verified);
  const part = await place.uploads.put(upload, partNumber(request), body.bytes, () => body.checksums());
  return emptyAnswer(200, { etag: quoted(part.etag), ...checksumHeaders(part.s3Checksums) });
}

export async function uploadPartCopy(request: S3Request, place: BucketPlace, places: S3Places): Promise<S3Answer> {
  const upload = await findUpload(request, place);
  const number = partNumber(request);
  const { bytes } = await openSource(request, places, headerOf(request, "x-amz-copy-source-range"));
  const part = await place.uploads.put(upload, number, bytes, () => undefined);
  return xmlAnswer([
    "CopyPartResult",
    [
      ["ETag", quoted(part.etag)],
      ["LastModified", isoTime(part.modifiedAtMs)],
    ],
  ]);
}

export async function completeUpload(request: S3Request, place: BucketPlace, verified: Verified): Promise<S3Answer> {
  // A checksum in the headers is that of the object, not of this document.
  const headers = request.headers.filter(([name]) => !name.startsWith("x-amz-checksum-"));
  const text = await receiveText({ ...request, headers }, verified, documentLimitBytes);
  const { bucket, completions } = place;
  const known = completions.find(queryOf(request, "uploadId") ?? "", request.key);
  const work = (known ?? beginCompleting(request, place, text)).then((attrs): XmlResult => {
    const content: XmlNode[] = [
      ["Bucket", bucket.name],
      ["Key", request.key],
      ["ETag", quoted(attrs.etag)],
    ];
    return { root: ["CompleteMultipartUploadResult", content], headers: versionHeader(attrs, bucket.isVersioned) };
  });
  return await slowAnswer(work, (error) => s3ErrorOf(error, request).toNode());
}

async function beginCompleting(request: S3Request, place: BucketPlace, text: string): Promise<ObjectAttrs> {
  const { uploads, completions } = place;
  const upload = await findUpload(request, place);
  const listed = childrenOf(readDocument(text, "CompleteMultipartUpload"), "Part").map(
    (part): CompletedPart => ({
      number: Number(textOf(part, "PartNumber") ?? Number.NaN),
      etag: (textOf(part, "ETag") ?? "").trim().replace(/^"|"$/g, ""),
    }),
  );
  if (listed.length === 0) throw new S3Error("MalformedXML", "At least one part must be listed.");
  const condition = readCondition(request);
  return await completions.run(upload.id, upload.name, () => uploads.complete(upload, listed, condition));
}

export async function abortUpload(request: S3Request, place: BucketPlace): Promise<S3Answer> {
  await place.uploads.abort(await findUpload(request, place));
  return emptyAnswer(204);
}

export async function listParts(request: S3Request, place: BucketPlace): Promise<S3Answer> {
  const upload = await findUpload(request, place);
  const after = Number(queryOf(request, "part-number-marker") ?? 0);
  const most = Math.min(Number(queryOf(request, "max-parts") ?? longestPage), longestPage);
  if (!(after >= 0 && most >= 0)) throw new S3Error("InvalidArgument", "part-number-marker and max-parts are numbers.");
  const behind = (await place.uploads.parts(upload)).filter(({ number }) => number > after);
  const page = behind.slice(0, most);
  const nodes: XmlNode[] = [
    ["Bucket", place.bucket.name],
    ["Key", upload.name],
    ["UploadId", upload.id],
    ["PartNumberMarker", after],
    ["NextPartNumberMarker", page.at(-1)?.number],
    ["MaxParts", most],
    ["IsTruncated", behind.length > page.length],
  ];
  return xmlAnswer(["ListPartsResult", [...nodes, ...page.map(partNode)]]);
}

function partNode({ number, etag, sizeBytes, modifiedAtMs }: UploadPart): XmlNode {
  return [
    "Part",
    [
      ["PartNumber", number],
      ["LastModified", isoTime(modifiedAtMs)],
      ["ETag", quoted(etag)],
      ["Size", sizeBytes],
    ],
  ];
}

async function findUpload(request: S3Request, { uploads }: BucketPlace): Promise<MultipartUpload> {
  const upload = await uploads.find(queryOf(request, "uploadId") ?? "", request.key);
  if (upload !== undefined) return upload;
  throw new S3Error("NoSuchUpload", "There is no such upload: it was completed or aborted, or never was.");
}

function partNumber(request: S3Request): number {
  const text = queryOf(request, "partNumber") ?? "";
  const number = /^\d{1,5}$/.test(text) ? Number(text) : 0;
  if (number >= 1 && number <= mostParts) return number;
  throw new S3Error("InvalidArgument", `partNumber must be a number from 1 to ${mostParts}.`);
}
