// Requests to an S3-compatible store: signed, path-style, which every such store understands, and made again where that is safe.
import { createHash } from "node:crypto";
import { setImmediate as nextTurn } from "node:timers/promises";
import { clock } from "../../clock/clock.ts";
import { awsCredentials, type AwsKeys } from "../../cloud/aws-credentials.ts";
import { authorizationOf, presignedQuery } from "../../cloud/sigv4/authorization.ts";
import { canonicalQuery } from "../../cloud/sigv4/canonical-request.ts";
import { timestampOf } from "../../cloud/sigv4/signing-key.ts";
import { sendAgain } from "../http/send-again.ts";
import { type StoreAnswer, StoreConnection } from "../http/store-connection.ts";
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

export type S3Answer = StoreAnswer;

const hashedAtOnceBytes = 512 * 1024;
const nothing = Buffer.alloc(0);

export class S3Client {
  readonly #config: S3BucketConfig;
  readonly #endpoint: URL;
  readonly #connection: StoreConnection;
  readonly #keys: () => AwsKeys | Promise<AwsKeys>;

  constructor(config: S3BucketConfig) {
    this.#config = config;
    this.#endpoint = new URL(config.endpoint);
    this.#keys = keysOf(config);
    this.#connection = new StoreConnection(this.#endpoint);
  }

  /** Any answer the store gives. Throws what the way to it fails with, and what `signal` aborts with. */
  async send(request: S3Request): Promise<S3Answer> {
    const { attempts, signal } = request;
    return await sendAgain(() => this.#sendOnce(request), { isConditional: isConditional(request), attempts, signal });
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
    const { method, key, query = {}, headers = {}, body = nothing, silenceMs, signal } = request;
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
    return await this.#connection.send({
      method,
      target: entries.length === 0 ? path.encoded : `${path.encoded}?${canonicalQuery(entries)}`,
      headers: all,
      body,
      silenceMs,
      isOnItsOwn: isConditional(request),
      signal,
    });
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
