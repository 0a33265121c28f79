// Copies within Azure Blob Storage, without the bytes passing through here
// (https://learn.microsoft.com/rest/api/storageservices/copy-blob-from-url). The other kind of copy, which Azure does in the background, is not
// used: while it goes on, what was there before is gone already.
import { toRecord } from "../described-metadata.ts";
import { unquoted } from "../http/etag.ts";
import type { Asked } from "../http/store-failure.ts";
import type { ObjectAttrs, StoredCopy } from "../object-store.ts";
import { headersOfCondition, metadataHeaders, versionIn } from "./azure-attrs.ts";
import { requireSuccess } from "./azure-failure.ts";
import type { AzureSend } from "./azure-upload.ts";

export interface AzureCopy {
  readonly path: string;
  readonly sourceUrl: string;
  readonly authorization: Readonly<Record<string, string>>;
  readonly source: ObjectAttrs;
  readonly copy: StoredCopy;
  readonly asked: Asked;
}

/** What the store copies at once. */
const largestCopyBytes = 256 * 1024 * 1024;
/** A store may take its time to copy that much. */
const copyingMs = 2 * 60_000;

/** Not what is larger, nor with other headers than the source has; and no metadata at all would stand for that of the source. */
export function isCopiedByStore(source: ObjectAttrs, { headers = {}, metadata }: StoredCopy): boolean {
  const isBare = metadata !== undefined && Object.keys(toRecord(metadata, source.checksum ?? {})).length === 0;
  return source.size <= largestCopyBytes && Object.keys(headers).length === 0 && !isBare;
}

export async function copyWithin(send: AzureSend, { path, sourceUrl, ...more }: AzureCopy): Promise<ObjectAttrs> {
  const { authorization, source, copy, asked } = more;
  const { metadata, condition, signal } = copy;
  const headers = {
    ...authorization,
    ...headersOfCondition(condition),
    ...(metadata === undefined ? {} : metadataHeaders(toRecord(metadata, source.checksum ?? {}))),
    "x-ms-copy-source": sourceUrl,
    "x-ms-requires-sync": "true",
    "x-ms-source-if-match": `"${source.etag}"`,
  };
  const answer = await send({ method: "PUT", path, headers, silenceMs: copyingMs, signal }, asked);
  await requireSuccess(answer, asked);
  answer.body.resume();
  const { version: _, lastModified: __, metadata: given, ...same } = source;
  const kept = metadata ?? given;
  return {
    ...same,
    ...(kept === undefined || Object.keys(kept).length === 0 ? {} : { metadata: kept }),
    etag: unquoted(answer.headers.etag ?? ""),
    ...versionIn(answer.headers),
  };
}
