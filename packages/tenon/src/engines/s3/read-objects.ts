// GET and HEAD of objects.
import { checkPreconditions, rangeStillHolds, readRange, type StoredObject } from "@tenon/runtime/objects";
import { checksumHeaders, headersOf } from "./object-headers.ts";
import { quoted, type S3Answer } from "./s3-answer.ts";
import { S3Error } from "./s3-error.ts";
import type { BucketPlace } from "./s3-place.ts";
import { headerOf, queryOf, type S3Request } from "./s3-request.ts";

/** Parts of the answer that a signed query may replace. */
const replaceable = [
  "content-type",
  "content-language",
  "expires",
  "cache-control",
  "content-disposition",
  "content-encoding",
] as const;

export async function getObject(request: S3Request, place: BucketPlace): Promise<S3Answer> {
  const { store, bucket } = place;
  const version = queryOf(request, "versionId");
  const object = await store.stored(request.key, version);
  const headers = { ...headersOf(object, bucket.isVersioned), ...replacements(request) };
  const conditions = Object.fromEntries(request.headers);
  const validators = { etag: quoted(object.etag), modifiedMs: object.modifiedAtMs };
  const verdict = checkPreconditions(conditions, validators);
  if (verdict === "changed")
    throw new S3Error("PreconditionFailed", "At least one of the pre-conditions you specified did not hold");
  if (verdict === "same") return { status: 304, headers: withoutBody(headers), body: null };
  const asked = rangeStillHolds(conditions, validators) ? headerOf(request, "range") : undefined;
  const span = readRange(asked, object.size);
  if (span === "unsatisfiable")
    throw new S3Error("InvalidRange", "The requested range is not satisfiable", {
      "content-range": `bytes */${object.size}`,
    });
  const sizeBytes = span === null ? object.size : span.end - span.start + 1;
  const all = {
    ...headers,
    "content-length": String(sizeBytes),
    ...(span === null
      ? askedChecksums(request, object)
      : { "content-range": `bytes ${span.start}-${span.end}/${object.size}` }),
  };
  const status = span === null ? 200 : 206;
  if (request.method === "HEAD") return { status, headers: all, body: null };
  const range = span === null ? undefined : { offset: span.start, length: sizeBytes };
  const { attrs, body } = await store.open(request.key, { version, range, signal: undefined });
  if (attrs.etag === object.etag) return { status, headers: all, body };
  body.destroy();
  // Replaced between the two steps.
  return await getObject(request, place);
}

function askedChecksums(request: S3Request, { s3Checksums }: StoredObject): Record<string, string> {
  return headerOf(request, "x-amz-checksum-mode")?.toUpperCase() === "ENABLED" ? checksumHeaders(s3Checksums) : {};
}

function replacements(request: S3Request): Record<string, string> {
  const given = replaceable.map((header) => [header, queryOf(request, `response-${header}`)] as const);
  const replaced: Record<string, string> = {};
  for (const [header, value] of given) {
    if (value === undefined) continue;
    if (!/^[\t\x20-\x7e]*$/.test(value))
      throw new S3Error("InvalidArgument", `response-${header} must fit into a header.`);
    replaced[header] = value;
  }
  return replaced;
}

function withoutBody({ "content-type": _, ...headers }: Record<string, string>): Record<string, string> {
  return headers;
}
