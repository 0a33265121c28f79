// An upload to Google Cloud Storage that fits into one request: attributes and bytes together, with a hash that the store compares.
import { createHash, randomUUID } from "node:crypto";
import type { StoreAnswer } from "../http/store-connection.ts";
import type { Asked } from "../http/store-failure.ts";
import type { GcsObject } from "./gcs-attrs.ts";
import type { GcsRequest } from "./gcs-client.ts";
import { requireJson } from "./gcs-failure.ts";

export interface GcsUpload {
  readonly uploadPath: string;
  /** Attributes of the object to be. */
  readonly resource: Readonly<Record<string, unknown>>;
  /** Its condition; empty: there is none. */
  readonly condition: Readonly<Record<string, string>>;
  readonly asked: Asked;
  readonly signal: AbortSignal | undefined;
}

export type GcsSend = (request: GcsRequest, asked: Asked) => Promise<StoreAnswer>;

export async function uploadWhole(send: GcsSend, upload: GcsUpload, bytes: Buffer): Promise<GcsObject> {
  const { uploadPath, resource, condition, asked, signal } = upload;
  const md5Hash = createHash("md5").update(bytes).digest("base64");
  const boundary = randomUUID();
  const head = [
    `--${boundary}`,
    "content-type: application/json; charset=UTF-8",
    "",
    JSON.stringify({ ...resource, md5Hash }),
    `--${boundary}`,
    `content-type: ${resource["contentType"]}`,
    "",
    "",
  ].join("\r\n");
  const answer = await send(
    {
      method: "POST",
      path: uploadPath,
      query: { uploadType: "multipart", ...condition },
      headers: { "content-type": `multipart/related; boundary=${boundary}` },
      body: Buffer.concat([Buffer.from(head), bytes, Buffer.from(`\r\n--${boundary}--\r\n`)]),
      isConditional: Object.keys(condition).length > 0,
      signal,
    },
    asked,
  );
  return await requireJson<GcsObject>(answer, asked);
}
