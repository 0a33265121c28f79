// Uploads to Azure Blob Storage: what is small in one request, what is large in blocks, which become the object by a list of them
// (https://learn.microsoft.com/rest/api/storageservices/put-block-list). Blocks that were never listed the store removes after a week.
import { createHash, randomBytes } from "node:crypto";
import { sendParts } from "../http/send-parts.ts";
import type { StoreAnswer } from "../http/store-connection.ts";
import type { Asked } from "../http/store-failure.ts";
import type { PartBuffers } from "../http/part-buffers.ts";
import { writeXml } from "../xml/write-xml.ts";
import type { AzureRequest } from "./azure-client.ts";
import { requireSuccess } from "./azure-failure.ts";

export type AzureSend = (request: AzureRequest, asked: Asked) => Promise<StoreAnswer>;

export interface AzureUpload {
  readonly path: string;
  /** Of the object. */
  readonly headers: Readonly<Record<string, string>>;
  readonly conditionHeaders: Readonly<Record<string, string>>;
  readonly asked: Asked;
  readonly signal: AbortSignal | undefined;
}

/** A store may take its time to make one object of many blocks. */
const listingMs = 2 * 60_000;

export async function uploadWhole(send: AzureSend, upload: AzureUpload, body: Buffer): Promise<StoreAnswer> {
  const { path, asked, signal } = upload;
  const headers = {
    ...upload.headers,
    ...upload.conditionHeaders,
    "x-ms-blob-type": "BlockBlob",
    "content-md5": md5(body),
  };
  return await done(await send({ method: "PUT", path, headers, body, signal }, asked), asked);
}

export async function uploadBlocks(
  send: AzureSend,
  upload: AzureUpload,
  first: Buffer,
  buffers: PartBuffers,
): Promise<{ readonly answer: StoreAnswer; readonly sizeBytes: number }> {
  const { path, asked, signal } = upload;
  // Of another upload of the same name the blocks must have other ids; all have to be of one length.
  const uploadId = randomBytes(12).toString("hex");
  const { parts, sizeBytes } = await sendParts(first, buffers, async (number, body) => {
    const blockid = Buffer.from(`${uploadId}-${String(number).padStart(6, "0")}`).toString("base64");
    const headers = { "content-md5": md5(body) };
    await done(
      await send({ method: "PUT", path, query: { comp: "block", blockid }, headers, body, signal }, asked),
      asked,
    );
    return blockid;
  });
  // The latest of that id, so that a list can be sent again when its answer was lost.
  const body = Buffer.from(writeXml(["BlockList", parts.map((id) => ["Latest", id] as const)]));
  const headers = { ...upload.headers, ...upload.conditionHeaders, "content-type": "application/xml" };
  const request = { method: "PUT", path, query: { comp: "blocklist" }, headers, body, silenceMs: listingMs, signal };
  return { answer: await done(await send(request, asked), asked), sizeBytes };
}

async function done(answer: StoreAnswer, asked: Asked): Promise<StoreAnswer> {
  await requireSuccess(answer, asked);
  answer.body.resume();
  return answer;
}

/** Compared by the store with what arrived. */
function md5(body: Buffer): string {
  return createHash("md5").update(body).digest("base64");
}
