// Requests to an S3-compatible store: signed, path-style, which every such store understands, and made again where that is safe. Not by
// fetch: it resolves ".." in paths, so that the name of one object could reach another.
import { createHash } from "node:crypto";
import {
  Agent,
  type ClientRequest,
  type IncomingHttpHeaders,
  type IncomingMessage,
  request as requestHttp,
} from "node:http";
import { Agent as TlsAgent, request as requestHttps } from "node:https";
import { setImmediate as nextTurn, setTimeout as sleep } from "node:timers/promises";
import { clock } from "../../clock/clock.ts";
import { awsCredentials, type AwsKeys } from "../../cloud/aws-credentials.ts";
import { authorizationOf, presignedQuery } from "../../cloud/sigv4/authorization.ts";
import { canonicalQuery } from "../../cloud/sigv4/canonical-request.ts";
import { timestampOf } from "../../cloud/sigv4/signing-key.ts";
import { pathOfName } from "../name-path.ts";
import type { S3BucketConfig } from "./s3-bucket-config.ts";

export interface S3Request {
  readonly method: string;
  /** Absent: of the bucket itself. */
  readonly key?: string;
  readonly query?: Readonly<Record<string, string>>;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: Buffer;
  /** How long the store may take without a byte in either direction. Default: 30 s. */
  readonly silenceMs?: number;
  /** Where it is safe to make the request again. Default: 4. */
  readonly attempts?: number;
  readonly signal?: AbortSignal | undefined;
}

export interface S3Answer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  /** Has to be read or destroyed. */
  readonly body: IncomingMessage;
}

const mostAttempts = 4;
const firstPauseMs = 100;
const usualSilenceMs = 30_000;
const RETRYABLE: ReadonlySet<number> = new Set([429, 500, 502, 503, 504]);
/** The store has not begun with the request. */
const NOT_BEGUN: ReadonlySet<number> = new Set([429, 503]);
const hashedAtOnceBytes = 512 * 1024;
const nothing = Buffer.alloc(0);

export class S3Client {
  readonly #config: S3BucketConfig;
  readonly #endpoint: URL;
  readonly #agent: Agent;
  readonly #keys: () => AwsKeys | Promise<AwsKeys>;

  constructor(config: S3BucketConfig) {
    this.#config = config;
    this.#endpoint = new URL(config.endpoint);
    this.#keys = keysOf(config);
    const options = { keepAlive: true, noDelay: true };
    this.#agent = this.#isTls ? new TlsAgent(options) : new Agent(options);
  }

  /** Any answer the store gives. Throws what the way to it fails with, and what `signal` aborts with. */
  async send(request: S3Request): Promise<S3Answer> {
    // Made again after it has been done, a write with a condition would fail for its own sake.
    const repeatable = isConditional(request) ? NOT_BEGUN : RETRYABLE;
    const { attempts = mostAttempts } = request;
    for (let attempt = 1; ; attempt++) {
      const isLast = attempt === attempts;
      try {
        const answer = await this.#sendOnce(request);
        if (isLast || !repeatable.has(answer.status)) return answer;
        answer.body.destroy();
      } catch (error) {
        request.signal?.throwIfAborted();
        if (isLast || isConditional(request)) throw error;
      }
      const pauseMs = firstPauseMs * 2 ** (attempt - 1) * (0.5 + Math.random());
      await sleep(pauseMs, undefined, request.signal === undefined ? {} : { signal: request.signal });
    }
  }

  /** A URL with which anybody may make the request until the time is over. */
  async presign(
    method: string,
    key: string,
    options: { ttlSeconds: number; query: Record<string, string>; headers: Record<string, string> },
  ): Promise<string> {
    const { ttlSeconds, query, headers } = options;
    const path = this.#pathOf(key);
    const signed = presignedQuery(await this.#keys(), this.#scope(), {
      method,
      path: path.decoded,
      query: Object.entries(query),
      headers: Object.entries({ ...headers, host: this.#endpoint.host }),
      ttlSeconds,
    });
    return `${this.#endpoint.origin}${path.encoded}?${signed}`;
  }

  get #isTls(): boolean {
    return this.#endpoint.protocol === "https:";
  }

  #scope() {
    return { timestamp: timestampOf(clock().now()), region: this.#config.region, service: "s3" };
  }

  #pathOf(key: string | undefined): { readonly decoded: string; readonly encoded: string } {
    const base = `${this.#endpoint.pathname.replace(/\/$/, "")}/${this.#config.bucketName}`;
    return key === undefined
      ? { decoded: base, encoded: base }
      : { decoded: `${base}/${key}`, encoded: `${base}/${pathOfName(key)}` };
  }

  async #sendOnce(request: S3Request): Promise<S3Answer> {
    const { method, key, query = {}, headers = {}, body = nothing, silenceMs = usualSilenceMs, signal } = request;
    const payloadHash = await payloadHashOf(body);
    const keys = await this.#keys();
    const scope = this.#scope();
    const path = this.#pathOf(key);
    const own = { host: this.#endpoint.host, "x-amz-date": scope.timestamp, "x-amz-content-sha256": payloadHash };
    const all: Record<string, string> = { ...headers, ...own };
    if (keys.sessionToken !== undefined) all["x-amz-security-token"] = keys.sessionToken;
    const entries = Object.entries(query);
    const toSign = { method, path: path.decoded, query: entries, headers: Object.entries(all), payloadHash };
    all["authorization"] = authorizationOf(keys, scope, toSign);
    if (body.length > 0 || method === "PUT" || method === "POST") all["content-length"] = String(body.length);
    const { hostname, port } = this.#endpoint;
    const sent = (this.#isTls ? requestHttps : requestHttp)({
      method,
      // Brackets around an IPv6 address belong to the URL alone.
      host: hostname.replace(/^\[|\]$/g, ""),
      port: port === "" ? undefined : Number(port),
      path: entries.length === 0 ? path.encoded : `${path.encoded}?${canonicalQuery(entries)}`,
      headers: all,
      // A kept connection may have been closed by the store a moment ago; who cannot try again takes a new one.
      agent: isConditional(request) ? false : this.#agent,
      timeout: silenceMs,
      ...(signal === undefined ? {} : { signal }),
    });
    return await answerOf(sent, body, silenceMs);
  }
}

function keysOf(config: S3BucketConfig): () => AwsKeys | Promise<AwsKeys> {
  return "keysFrom" in config ? awsCredentials(process.env) : () => config;
}

/** Of a large one in steps, so that nobody else in the process has to wait; in a thread of its own it would have to be copied. */
async function payloadHashOf(body: Buffer): Promise<string> {
  const hash = createHash("sha256");
  for (let at = 0; at < body.length; at += hashedAtOnceBytes) {
    if (at > 0) await nextTurn();
    hash.update(body.subarray(at, at + hashedAtOnceBytes));
  }
  return hash.digest("hex");
}

function isConditional({ headers = {} }: S3Request): boolean {
  return "if-none-match" in headers || "if-match" in headers;
}

function answerOf(request: ClientRequest, body: Buffer, silenceMs: number): Promise<S3Answer> {
  return new Promise((resolve, reject) => {
    let answer: IncomingMessage | undefined;
    request.on("error", reject);
    request.on("timeout", () => {
      // With bytes that nobody has taken yet it is the reader who takes his time.
      if (answer !== undefined && answer.readableLength > 0) request.setTimeout(silenceMs);
      else request.destroy(new Error("the store fell silent"));
    });
    request.on("response", (response) => {
      answer = response;
      const { statusCode = 0, headers } = response;
      resolve({ status: statusCode, headers, body: response });
    });
    request.end(body);
  });
}

/** All of an answer that is not large. */
export async function readText({ body }: S3Answer): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of body as AsyncIterable<Buffer>) chunks.push(chunk);
  return Buffer.concat(chunks).toString("utf8");
}
