// One POST to a receiver of metrics, and what its answer says of them.
import { promisify } from "node:util";
import { gzip } from "node:zlib";
import { headersToSend } from "../../cloud/headers-to-send.ts";

/** They were not taken: none of them counts. Anything else that goes wrong leaves open whether they do. */
export class PushRefused extends Error {}

/** Below this, compressing costs more than it saves. */
const GZIP_FROM_BYTES = 10_240;
const SHOWN_CHARACTERS = 500;
const compress = promisify(gzip);

export interface PostedMetrics {
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Uint8Array<ArrayBuffer>;
}

/** Rejects with PushRefused, or with what else is wrong. */
export async function postMetrics(url: URL, { headers, body }: PostedMetrics, signal: AbortSignal): Promise<void> {
  const request = { method: "POST", headers: headersToSend(headers), body, signal, redirect: "error" } as const;
  const response = await fetch(url, request).catch((error: Error) => {
    // What `fetch` fails with says why in its cause.
    throw error.cause instanceof Error ? error.cause : error;
  });
  const text = await response.text();
  if (response.ok) return;
  const said = `status ${response.status}: ${text.replace(/\s+/g, " ").trim().slice(0, SHOWN_CHARACTERS)}`;
  // Behind a gateway that gives up, a receiver may still take what it was sent.
  throw response.status < 500 ? new PushRefused(said) : new Error(said);
}

/** JSON, compressed where it is worth it. */
export async function jsonBody(text: string): Promise<PostedMetrics> {
  const plain = new TextEncoder().encode(text);
  const headers = { "content-type": "application/json" };
  if (plain.length < GZIP_FROM_BYTES) return { headers, body: plain };
  return { headers: { ...headers, "content-encoding": "gzip" }, body: new Uint8Array(await compress(plain)) };
}
