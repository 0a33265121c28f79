// One POST of a JSON body to a collector. On node:http and not on `fetch`, so that instrumentation of `fetch` never sees telemetry's
// own traffic.
import http from "node:http";

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

/** By protocol; made when there is something to send, as is all that is loaded here. */
const agents = new Map<string, http.Agent>();

/**
 * `plain`: the body in pieces, not to be changed until it is settled. Rejects when there is no answer: no connection, a reset, the
 * timeout, or `signal`.
 */
export async function postJson(
  url: URL,
  plain: readonly Uint8Array[],
  { headers, compression }: PostOptions,
  signal: AbortSignal,
): Promise<PostResult> {
  const isCompressed = compression === "gzip" && sizeOf(plain) >= GZIP_FROM_BYTES;
  const body = isCompressed ? [await compressed(Buffer.concat(plain))] : plain;
  const client = url.protocol === "https:" ? (await import("node:https")).default : http;
  return new Promise((resolve, reject) => {
    const request = client.request(
      url,
      {
        method: "POST",
        agent: agentFor(url.protocol, client),
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

function agentFor(protocol: string, client: Pick<typeof http, "Agent">): http.Agent {
  const known = agents.get(protocol);
  if (known !== undefined) return known;
  const agent = new client.Agent({ keepAlive: true, maxSockets: 1 });
  agents.set(protocol, agent);
  return agent;
}

async function compressed(body: Buffer): Promise<Buffer> {
  const { constants, gzip } = await import("node:zlib");
  return new Promise((resolve, reject) => {
    gzip(body, { level: constants.Z_BEST_SPEED }, (error, result) => (error ? reject(error) : resolve(result)));
  });
}

/** The rest is read and thrown away, so that the connection can be used again. */
function readStart(response: http.IncomingMessage): Promise<string> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let size = 0;
    response.on("data", (chunk: Buffer) => {
      if (size < MAX_ANSWER_BYTES) chunks.push(chunk);
      size += chunk.length;
    });
    response.on("end", () => resolve(Buffer.concat(chunks).toString("utf8", 0, MAX_ANSWER_BYTES)));
    response.on("error", reject);
  });
}

/** Only the form in seconds; the one with a date is for people who plan maintenance. */
function parseRetryAfter(header: string | undefined): number | undefined {
  return header !== undefined && /^\d{1,6}$/.test(header) ? Number(header) * 1000 : undefined;
}
