// Answers a request for an object in a file: a public one, or one that a signed URL names. With conditions, ranges and streams both ways, as
// browsers and download tools expect them of HTTP.
import type { Readable } from "node:stream";
import type { Bucket, Graph } from "@tenon/model";
import type { IncomingRequest, OutgoingResponse } from "../../call/exchange.ts";
import { headerOf } from "../../call/exchange.ts";
import { readRange } from "../../static/byte-range.ts";
import { checkPreconditions, rangeStillHolds } from "../../static/preconditions.ts";
import { ObjectNotFound, PreconditionFailed } from "../errors.ts";
import type { FileStore } from "../files/file-store.ts";
import type { ObjectAttrs, ObjectHeaders, SignedMethod, WriteCondition } from "../object-store.ts";
import type { ObjectsConfig } from "../objects-config.ts";
import { createFileStore } from "../stores.ts";
import { type Grant, readGrant } from "./object-signature.ts";
import { OBJECTS_PATH } from "./objects-path.ts";

/** Any page may use a URL that it was given. */
const crossOrigin = {
  "access-control-allow-origin": "*",
  "access-control-expose-headers":
    "etag, content-length, content-range, content-disposition, accept-ranges, last-modified",
};
const preflight = {
  "access-control-allow-origin": "*",
  "access-control-allow-methods": "GET, HEAD, PUT",
  "access-control-allow-headers": "*",
  "access-control-max-age": "7200",
};

const uploadLimitBytes = 5 * 1024 ** 3;
/** What a browser would run: whoever may upload must not become the app's own page. */
const ACTIVE_TYPE = /html|xml|svg|javascript/i;

type Files = Extract<ObjectsConfig, { kind: "files" }>;

interface Visit {
  readonly request: IncomingRequest;
  readonly store: FileStore;
  readonly name: string;
  /** undefined: the object is read because its bucket is public. */
  readonly grant: Grant | undefined;
}

export async function answerObject(
  config: ObjectsConfig,
  graph: Graph | null,
  request: IncomingRequest,
): Promise<OutgoingResponse> {
  if (request.method === "OPTIONS") return { status: 204, headers: { ...preflight }, body: null };
  const [bucketName = "", ...rest] = request.path.slice(OBJECTS_PATH.length).split("/");
  const name = decodeName(rest.join("/"));
  const bucket = graph?.buckets?.find((one) => one.name === bucketName);
  if (bucket === undefined || name === null || config.kind !== "files") return refuse(404, "there is no such object");
  const isReading = request.method === "GET" || request.method === "HEAD";
  if (!isReading && request.method !== "PUT")
    return refuse(405, "objects can be read and uploaded here", { allow: "GET, HEAD, PUT, OPTIONS" });
  const method: SignedMethod = isReading ? "GET" : "PUT";
  const grant = readGrant(config.signingKey, new URLSearchParams(request.query), { method, bucket: bucketName, name });
  if (grant === undefined && !(bucket.isPublic && isReading))
    return refuse(403, "the URL is not signed for this, or its time is over");
  const visit = { request, store: storeFor(config, bucket), name, grant };
  return await (isReading ? send(visit) : receive(visit)).catch((error: unknown) => {
    if (error instanceof ObjectNotFound) return refuse(404, "there is no such object");
    if (error instanceof PreconditionFailed) return refuse(412, "the condition of the upload does not hold");
    throw error;
  });
}

/** One store for each bucket: it tidies up once. A bucket whose declaration has changed gets another one. */
const stores = new WeakMap<Bucket, FileStore>();

function storeFor(config: Files, bucket: Bucket): FileStore {
  const store = stores.get(bucket) ?? createFileStore(bucket, config);
  stores.set(bucket, store);
  return store;
}

async function send(visit: Visit): Promise<OutgoingResponse> {
  const { request, store, name, grant } = visit;
  const attrs = await store.attrs(name, grant?.version);
  const validators = { etag: `"${attrs.etag}"`, modifiedMs: attrs.lastModified?.getTime() ?? 0 };
  const headers = headersOf(attrs, grant === undefined);
  const verdict = checkPreconditions(request.headers, validators);
  if (verdict === "changed") return refuse(412, "the object is another one by now");
  if (verdict === "same") {
    const { "content-type": _, ...rest } = headers;
    return { status: 304, headers: rest, body: null };
  }
  if (request.method === "HEAD")
    return { status: 200, headers: { ...headers, "content-length": String(attrs.size) }, body: null };
  const asked = rangeStillHolds(request.headers, validators) ? headerOf(request.headers, "range") : undefined;
  const span = readRange(asked, attrs.size);
  if (span === "unsatisfiable")
    return refuse(416, "the object has no such bytes", { "content-range": `bytes */${attrs.size}` });
  const range = span === null ? undefined : { offset: span.start, length: span.end - span.start + 1 };
  const { attrs: opened, body } = await store.open(name, { version: grant?.version, range, signal: undefined });
  if (opened.etag !== attrs.etag) {
    body.destroy();
    // Replaced between the two steps: what was said of the one does not hold for the other.
    return await send(visit);
  }
  const own: Record<string, string> = { "content-length": String(range?.length ?? attrs.size) };
  if (span !== null) own["content-range"] = `bytes ${span.start}-${span.end}/${attrs.size}`;
  return { status: span === null ? 200 : 206, headers: { ...headers, ...own }, body };
}

async function receive({ request, store, name, grant }: Visit): Promise<OutgoingResponse> {
  const header = (key: string) => headerOf(request.headers, key);
  if (grant?.contentType !== undefined && header("content-type") !== grant.contentType)
    return refuse(403, `the URL is signed for an upload of the type ${grant.contentType}`);
  const limitBytes = Math.min(grant?.maxSizeBytes ?? uploadLimitBytes, uploadLimitBytes);
  if ((request.bodySizeBytes ?? 0) > limitBytes) return tooLarge(limitBytes);
  const condition = conditionIn(header("if-none-match"), header("if-match"));
  if (condition === null) return refuse(400, 'conditions of an upload are `If-None-Match: *` and `If-Match: "<etag>"`');
  const bytes = limited(request.openBody(), limitBytes);
  try {
    const headers = headersIn(header);
    const upload = { headers, metadata: {}, condition, checksum: {}, signal: undefined };
    const { etag } = await store.upload(name, bytes, upload);
    return { status: 200, headers: { ...crossOrigin, etag: `"${etag}"` }, body: "" };
  } catch (error) {
    if (error instanceof TooLarge) return tooLarge(limitBytes);
    throw error;
  }
}

class TooLarge extends Error {}

async function* limited(body: Readable, limitBytes: number): AsyncGenerator<Uint8Array> {
  let sizeBytes = 0;
  // Destroyed, it would take the connection along that the refusal has to go out on.
  for await (const chunk of body.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>) {
    sizeBytes += chunk.length;
    if (sizeBytes > limitBytes) throw new TooLarge();
    yield chunk;
  }
}

function conditionIn(ifNoneMatch: string | undefined, ifMatch: string | undefined): WriteCondition | null {
  if (ifNoneMatch !== undefined && ifMatch !== undefined) return null;
  if (ifNoneMatch !== undefined) return ifNoneMatch.trim() === "*" ? { notExists: true } : null;
  if (ifMatch === undefined) return undefined;
  const etag = /^\s*"([^"]+)"\s*$/.exec(ifMatch)?.[1];
  return etag === undefined ? null : { ifMatch: etag };
}

function headersIn(header: (name: string) => string | undefined): ObjectHeaders {
  const given = {
    contentType: header("content-type"),
    cacheControl: header("cache-control"),
    contentDisposition: header("content-disposition"),
    contentEncoding: header("content-encoding"),
  };
  return Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined));
}

function headersOf(attrs: ObjectAttrs, isPublic: boolean): Record<string, string> {
  const { contentType = "application/octet-stream", cacheControl, contentDisposition, contentEncoding } = attrs;
  return {
    ...crossOrigin,
    "content-type": contentType,
    etag: `"${attrs.etag}"`,
    "accept-ranges": "bytes",
    "last-modified": (attrs.lastModified ?? new Date(0)).toUTCString(),
    "x-content-type-options": "nosniff",
    // What only a signed URL reaches is nothing for caches that many share.
    "cache-control": cacheControl ?? (isPublic ? "no-cache" : "private, no-cache"),
    ...(ACTIVE_TYPE.test(contentType) ? { "content-security-policy": "default-src 'none'; sandbox" } : {}),
    ...(contentDisposition === undefined ? {} : { "content-disposition": contentDisposition }),
    ...(contentEncoding === undefined ? {} : { "content-encoding": contentEncoding }),
  };
}

function tooLarge(limitBytes: number): OutgoingResponse {
  return refuse(413, `an upload may have ${limitBytes} bytes here`);
}

function refuse(status: number, text: string, headers: Record<string, string> = {}): OutgoingResponse {
  const own = { ...crossOrigin, ...headers, "content-type": "text/plain; charset=utf-8" };
  return { status, headers: own, body: `${text}\n` };
}

function decodeName(path: string): string | null {
  try {
    return path === "" ? null : decodeURIComponent(path);
  } catch {
    return null;
  }
}
