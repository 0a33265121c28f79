// Answers a request for an object in a file: a public one, or one that a signed URL names.
import type { Graph } from "@tenon/model";
import type { IncomingRequest, OutgoingResponse } from "../call/exchange.ts";
import { headerOf } from "../call/exchange.ts";
import { ObjectNotFound } from "./errors.ts";
import { isSigned } from "./object-signature.ts";
import { OBJECTS_PATH } from "./objects-path.ts";
import type { ObjectStore, SignedMethod } from "./object-store.ts";
import type { ObjectsConfig } from "./objects-config.ts";
import { createStore } from "./stores.ts";

/** Any page may use a URL that it was given. */
const crossOrigin = {
  "access-control-allow-origin": "*",
  "access-control-allow-methods": "GET, HEAD, PUT",
  "access-control-allow-headers": "*",
  "access-control-expose-headers": "etag",
};

const uploadLimitBytes = 5 * 1024 ** 3;

export async function answerObject(
  config: ObjectsConfig,
  graph: Graph | null,
  request: IncomingRequest,
): Promise<OutgoingResponse> {
  if (request.method === "OPTIONS") return { status: 204, headers: { ...crossOrigin }, body: null };
  const [bucketName = "", ...rest] = request.path.slice(OBJECTS_PATH.length).split("/");
  const name = decodeName(rest.join("/"));
  const bucket = graph?.buckets?.find((one) => one.name === bucketName);
  if (bucket === undefined || name === null || config.kind !== "files") return refuse(404, "there is no such object");
  const isReading = request.method === "GET" || request.method === "HEAD";
  if (!isReading && request.method !== "PUT") return refuse(405, "objects can be read and uploaded here");
  const method: SignedMethod = isReading ? "GET" : "PUT";
  const query = new URLSearchParams(request.query);
  const access = { method, bucket: bucketName, name, expiresAt: Number(query.get("expires")) };
  const isAllowed = isSigned(config.signingKey, access, query.get("signature") ?? "");
  if (!isAllowed && !(bucket.isPublic && isReading))
    return refuse(403, "the URL is not signed for this, or its time is over");
  const store = createStore(bucket, config)!;
  return isReading ? send(store, name) : receive(store, name, request);
}

async function send(store: ObjectStore, name: string): Promise<OutgoingResponse> {
  try {
    const { contentType = "application/octet-stream", etag } = await store.attrs(name, undefined);
    const data = await store.download(name, undefined);
    const headers = {
      ...crossOrigin,
      "content-type": contentType,
      etag: `"${etag}"`,
      "x-content-type-options": "nosniff",
    };
    return { status: 200, headers, body: data };
  } catch (error) {
    if (error instanceof ObjectNotFound) return refuse(404, "there is no such object");
    throw error;
  }
}

async function receive(store: ObjectStore, name: string, request: IncomingRequest): Promise<OutgoingResponse> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request.openBody() as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > uploadLimitBytes) return refuse(413, "the object is too large");
    chunks.push(chunk);
  }
  const contentType = headerOf(request.headers, "content-type");
  const { etag } = await store.upload(name, Buffer.concat(chunks), { contentType, notExists: false });
  return { status: 200, headers: { ...crossOrigin, etag: `"${etag}"` }, body: "" };
}

function refuse(status: number, text: string): OutgoingResponse {
  return { status, headers: { ...crossOrigin, "content-type": "text/plain; charset=utf-8" }, body: `${text}\n` };
}

function decodeName(path: string): string | null {
  try {
    return path === "" ? null : decodeURIComponent(path);
  } catch {
    return null;
  }
}
