// Copies within a store, without the bytes passing through here. What is larger than one request may copy goes in parts.
import { encodeRfc3986 } from "../../cloud/sigv4/encode-rfc3986.ts";
import { PreconditionFailed } from "../errors.ts";
import type { ObjectAttrs, StoredCopy } from "../object-store.ts";
import { readXml, textOf } from "../xml/read-xml.ts";
import { unquoted } from "../http/etag.ts";
import type { Asked } from "../http/store-failure.ts";
import { headersFor, versionIn } from "./s3-attrs.ts";
import type { S3Answer, S3Request } from "./s3-client.ts";
import { requireSuccessfulText } from "./s3-failure.ts";
import { abortUpload, completeUpload, createUpload } from "./upload-parts.ts";

export interface CopyKeys {
  readonly sourceBucket: string;
  readonly from: string;
  readonly to: string;
}

type Send = (request: S3Request) => Promise<S3Answer>;
type ToCopy = StoredCopy & { readonly conditionHeaders: Readonly<Record<string, string>> };

interface Pinned {
  readonly keys: CopyKeys;
  readonly source: ObjectAttrs;
  readonly sourceHeaders: Readonly<Record<string, string>>;
  /** Of the new object. */
  readonly headers: Readonly<Record<string, string>>;
  readonly conditionHeaders: Readonly<Record<string, string>>;
  readonly asked: Asked;
  readonly signal: AbortSignal | undefined;
}

/** What S3 copies in one request. */
const largestCopyBytes = 5 * 1024 ** 3;
const copyPartBytes = 1024 ** 3;
const mostAttempts = 3;
/** A store may take its time to copy that much. */
const copyingMs = 10 * 60_000;

/** `readSource` is asked again when the source changes between a look at it and the copy. */
export async function copyObject(
  send: Send,
  keys: CopyKeys,
  readSource: () => Promise<ObjectAttrs>,
  copy: ToCopy,
  asked: Asked,
  limits: { readonly copyBytes: number; readonly partBytes: number } = {
    copyBytes: largestCopyBytes,
    partBytes: copyPartBytes,
  },
): Promise<ObjectAttrs> {
  for (let attempt = 1; ; attempt++) {
    const source = await readSource();
    const pinned = pin(keys, source, copy, asked);
    try {
      const isSmall = source.size <= limits.copyBytes;
      const copied = await (isSmall ? copyAtOnce(send, pinned) : copyInParts(send, pinned, limits.partBytes));
      const { contentType, cacheControl, contentDisposition, contentEncoding, metadata, checksum, size } = source;
      const attrs = { contentType, cacheControl, contentDisposition, contentEncoding, metadata, checksum };
      const given = Object.entries({ ...attrs, ...copy.headers, ...(copy.metadata && { metadata: copy.metadata }) });
      const known = Object.fromEntries(given.filter(([, value]) => value !== undefined));
      return { ...known, name: asked.object, size, etag: unquoted(copied.etag), ...versionIn(copied.answer.headers) };
    } catch (error) {
      const isChanged = error instanceof PreconditionFailed && (await readSource()).etag !== source.etag;
      if (!isChanged || attempt === mostAttempts) throw error;
    }
  }
}

function pin(keys: CopyKeys, source: ObjectAttrs, copy: ToCopy, asked: Asked): Pinned {
  const { contentType, cacheControl, contentDisposition, contentEncoding, metadata = {}, checksum = {} } = source;
  const own = { contentType, cacheControl, contentDisposition, contentEncoding };
  const given = Object.fromEntries(Object.entries(own).filter(([, value]) => value !== undefined));
  const path = `/${keys.sourceBucket}/${keys.from.split("/").map(encodeRfc3986).join("/")}`;
  const version = copy.version === undefined ? "" : `?versionId=${encodeRfc3986(copy.version)}`;
  return {
    keys,
    source,
    sourceHeaders: { "x-amz-copy-source": path + version, "x-amz-copy-source-if-match": `"${source.etag}"` },
    headers: headersFor({ headers: { ...given, ...copy.headers }, metadata: copy.metadata ?? metadata, checksum }),
    conditionHeaders: copy.conditionHeaders,
    asked,
    signal: copy.signal,
  };
}

async function copyAtOnce(send: Send, pinned: Pinned): Promise<{ etag: string; answer: S3Answer }> {
  const { keys, sourceHeaders, headers, conditionHeaders, asked, signal } = pinned;
  const all = { ...sourceHeaders, ...headers, ...conditionHeaders, "x-amz-metadata-directive": "REPLACE" };
  const answer = await send({ method: "PUT", key: keys.to, headers: all, silenceMs: copyingMs, signal });
  return { etag: textOf(readXml(await requireSuccessfulText(answer, asked)), "ETag") ?? "", answer };
}

async function copyInParts(send: Send, pinned: Pinned, partBytes: number): Promise<{ etag: string; answer: S3Answer }> {
  const { keys, source, sourceHeaders, headers, conditionHeaders, asked, signal } = pinned;
  const upload = { key: keys.to, headers, conditionHeaders, asked, signal };
  const uploadId = await createUpload(send, upload);
  try {
    const parts: { number: number; etag: string }[] = [];
    for (let start = 0; start < source.size; start += partBytes) {
      const number = parts.length + 1;
      const range = `bytes=${start}-${Math.min(start + partBytes, source.size) - 1}`;
      const answer = await send({
        method: "PUT",
        key: keys.to,
        query: { partNumber: String(number), uploadId },
        headers: { ...sourceHeaders, "x-amz-copy-source-range": range },
        silenceMs: copyingMs,
        signal,
      });
      const etag = textOf(readXml(await requireSuccessfulText(answer, asked)), "ETag") ?? "";
      parts.push({ number, etag });
    }
    return await completeUpload(send, upload, uploadId, parts);
  } catch (error) {
    abortUpload(send, upload, uploadId);
    throw error;
  }
}
