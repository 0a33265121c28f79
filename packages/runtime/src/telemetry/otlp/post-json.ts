// One POST of a JSON body to a collector. On node:http and not on `fetch`, so that instrumentation of `fetch` never sees telemetry's
// own traffic.
import http from "node:http";
import https from "node:https";
import { promisify } from "node:util";
import { constants, gzip } from "node:zlib";

export interface PostResult {
  readonly status: number;
  readonly retryAfterMs: number | undefined;
  /** At most the first 64 KiB. */
  readonly body: string;
}

/** Below this, compressing costs more than it saves. */
const GZIP_FROM_BYTES = 16_384;
const REQUEST_TIMEOUT_MS = 10_000;
const MAX_ANSWER_BYTES = 65_536;

export type Compression = "gzip" | "none";

export interface PostOptions {
  readonly headers: Readonly<Record<string, string>>;
  readonly compression: Compression;
}

const compress = promisify(gzip);
const agents = {
  "http:": new http.Agent({ keepAlive: true, maxSockets: 1 }),
  "https:": new https.Agent({ keepAlive: true, maxSockets: 1 }),
};

/** `plain`: the body in pieces, not to be changed until it is settled. Rejects when there is no answer: no connection, a reset, the timeout, or `signal`. */
export async function postJson(
  url: URL,
  plain: readonly Uint8Array[],
  { headers, compression }: PostOptions,
  signal: AbortSignal,
): Promise<PostResult> {
  const isCompressed = compression === "gzip" && sizeOf(plain) >= GZIP_FROM_BYTES;
  const body = isCompressed ? [await compress(Buffer.concat(plain), { level: constants.Z_BEST_SPEED })] : plain;
  const secure = url.protocol === "https:";
  return new Promise((resolve, reject) => {
    const request = (secure ? https : http).request(
      url,
      {
        method: "POST",
        agent: agents[secure ? "https:" : "http:"],
        signal,
        timeout: REQUEST_TIMEOUT_MS,
        headers: {
          ...headers,
          "content-type": "application/json",
          "content-length": sizeOf(body),
          ...(isCompressed ? { "content-encoding": "gzip" } : {}),
        },
      },
      (response) => {
        readStart(response).then((text) => {
          // Answered before it was told everything: the rest must not be sent from memory that is no longer ours.
          if (!request.writableFinished) request.destroy();
          const retryAfterMs = parseRetryAfter(response.headers["retry-after"]);
          resolve({ status: response.statusCode ?? 0, retryAfterMs, body: text });
        }, reject);
      },
    );
    request.on("timeout", () => request.destroy(new Error(`no answer within ${REQUEST_TIMEOUT_MS} ms`)));
    request.on("error", reject);
    for (const part of body) request.write(part);
    request.end();
  });
}

function sizeOf(parts: readonly Uint8Array[]): number {
  return parts.reduce((sum, part) => sum + part.length, 0);
}

/** The rest is read and thrown away, so that the connection can be used again. */
async function readStart(response: http.IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of response as AsyncIterable<Buffer>) {
    if (size < MAX_ANSWER_BYTES) chunks.push(chunk);
    size += chunk.length;
  }
  return Buffer.concat(chunks).toString("utf8", 0, MAX_ANSWER_BYTES);
}

/** Only the form in seconds; the one with a date is for people who plan maintenance. */
function parseRetryAfter(header: string | undefined): number | undefined {
  return header !== undefined && /^\d{1,6}$/.test(header) ? Number(header) * 1000 : undefined;
}
