// A multipart upload: parts are sent a few at a time while the next one is filled. Whatever fails, the store is told to forget them.
import { writeXml, type XmlNode } from "../xml/write-xml.ts";
import { createHash } from "node:crypto";
import { readXml, textOf } from "../xml/read-xml.ts";
import { unquoted } from "../http/etag.ts";
import type { Asked } from "../http/store-failure.ts";
import type { PartBuffers } from "../http/part-buffers.ts";
import { sendParts } from "../http/send-parts.ts";
import type { S3Answer, S3Request } from "./s3-client.ts";
import { requireSuccess, requireSuccessfulText } from "./s3-failure.ts";

export interface PartsUpload {
  readonly key: string;
  /** Of the object. */
  readonly headers: Readonly<Record<string, string>>;
  /** Of the last step. */
  readonly conditionHeaders: Readonly<Record<string, string>>;
  readonly asked: Asked;
  readonly signal: AbortSignal | undefined;
}

export interface CompletedUpload {
  readonly etag: string;
  readonly sizeBytes: number;
  readonly answer: S3Answer;
}

interface SentPart {
  readonly number: number;
  readonly etag: string;
}

/** A store may take its time to make one object of many parts. */
const joiningMs = 10 * 60_000;
const abortingMs = 5_000;

type Send = (request: S3Request) => Promise<S3Answer>;

export async function uploadParts(
  send: Send,
  upload: PartsUpload,
  first: Buffer,
  buffers: PartBuffers,
): Promise<CompletedUpload> {
  const { key, asked, signal } = upload;
  const uploadId = await createUpload(send, upload);
  try {
    const { parts, sizeBytes } = await sendParts(first, buffers, async (number, body) => {
      const query = { partNumber: String(number), uploadId };
      const answer = await send({ method: "PUT", key, query, body, signal });
      await requireSuccess(answer, asked);
      answer.body.resume();
      return { number, etag: answer.headers.etag ?? "" };
    });
    return { ...(await completeUpload(send, upload, uploadId, parts)), sizeBytes };
  } catch (error) {
    abortUpload(send, upload, uploadId);
    throw error;
  }
}

export async function createUpload(send: Send, { key, headers, asked, signal }: PartsUpload): Promise<string> {
  const answer = await send({ method: "POST", key, query: { uploads: "" }, headers, signal });
  return textOf(readXml(await requireSuccessfulText(answer, asked)), "UploadId") ?? "";
}

export async function completeUpload(
  send: Send,
  { key, conditionHeaders, asked, signal }: PartsUpload,
  uploadId: string,
  parts: readonly SentPart[],
): Promise<Omit<CompletedUpload, "sizeBytes">> {
  const listed = parts.map(
    ({ number, etag }): XmlNode => [
      "Part",
      [
        ["PartNumber", number],
        ["ETag", etag],
      ],
    ],
  );
  const body = Buffer.from(writeXml(["CompleteMultipartUpload", listed]));
  const headers = { "content-type": "application/xml", ...conditionHeaders };
  const answer = await send({ method: "POST", key, query: { uploadId }, headers, body, silenceMs: joiningMs, signal });
  const done = answer.status === 404 ? await findCompleted(send, key, parts, signal) : undefined;
  if (done !== undefined) return done;
  const etag = textOf(readXml(await requireSuccessfulText(answer, asked)), "ETag") ?? "";
  return { etag, answer };
}

/** An upload that the store does not know any more may have been completed by a request whose answer was lost. */
async function findCompleted(
  send: Send,
  key: string,
  parts: readonly SentPart[],
  signal: AbortSignal | undefined,
): Promise<Omit<CompletedUpload, "sizeBytes"> | undefined> {
  const answer = await send({ method: "HEAD", key, signal });
  answer.body.resume();
  const { etag = "" } = answer.headers;
  return answer.status === 200 && unquoted(etag) === etagOfParts(parts) ? { etag, answer } : undefined;
}

/** As S3 makes it. */
function etagOfParts(parts: readonly SentPart[]): string {
  const hash = createHash("md5");
  for (const { etag } of parts) hash.update(Buffer.from(unquoted(etag), "hex"));
  return `${hash.digest("hex")}-${parts.length}`;
}

/**
 * Tried once, and nobody waits for it: whoever failed must not hold its buffers because the store is silent. What the store still keeps
 * when this fails goes by the bucket's rule for incomplete uploads.
 */
export function abortUpload(send: Send, { key }: Pick<PartsUpload, "key">, uploadId: string): void {
  send({ method: "DELETE", key, query: { uploadId }, silenceMs: abortingMs, attempts: 1 }).then(
    ({ body }) => void body.resume(),
    () => {},
  );
}
