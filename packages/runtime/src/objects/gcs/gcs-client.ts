// Requests to Google Cloud Storage's JSON API (https://cloud.google.com/storage/docs/json_api/v1) with an access token of the process.
import { canonicalQuery } from "../../cloud/sigv4/canonical-request.ts";
import { encodeRfc3986 } from "../../cloud/sigv4/encode-rfc3986.ts";
import { googleToken } from "../../cloud/google-token.ts";
import { sendAgain } from "../http/send-again.ts";
import { type StoreAnswer, StoreConnection } from "../http/store-connection.ts";
import { type Asked, wayFailed } from "../http/store-failure.ts";
import type { GcsBucketConfig } from "./gcs-bucket-config.ts";

export interface GcsRequest {
  readonly method: string;
  /** Encoded, as `objectPath` and `uploadPath` give it. */
  readonly path: string;
  readonly query?: Readonly<Record<string, string>>;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: Buffer;
  readonly silenceMs?: number;
  /** A write that must not be made again once it may have been done. */
  readonly isConditional?: boolean;
  readonly attempts?: number;
  readonly signal?: AbortSignal | undefined;
}

const SCOPE = "https://www.googleapis.com/auth/devstorage.read_write";

export class GcsClient {
  readonly #bucketName: string;
  readonly #endpoint: URL;
  readonly #connection: StoreConnection;
  readonly #token: () => Promise<string>;

  constructor({ endpoint, bucketName }: GcsBucketConfig) {
    this.#bucketName = bucketName;
    this.#endpoint = new URL(endpoint);
    this.#connection = new StoreConnection(this.#endpoint);
    this.#token = googleToken(process.env, SCOPE);
  }

  /** Any answer the store gives. Throws `objects_unavailable`, and what `signal` aborts with. */
  async send(request: GcsRequest, asked: Asked): Promise<StoreAnswer> {
    const { isConditional = false, attempts, signal } = request;
    try {
      const token = await this.#token();
      return await sendAgain(() => this.#sendOnce(request, token), { isConditional, attempts, signal });
    } catch (error) {
      signal?.throwIfAborted();
      throw wayFailed(asked, error);
    }
  }

  /** Of all objects, or of one, whose name is not dots alone: its slashes are encoded, so that nothing on the way takes parts of it for folders. */
  objectPath(key?: string): string {
    const objects = `/storage/v1/b/${encodeRfc3986(this.#bucketName)}/o`;
    return key === undefined ? objects : `${objects}/${encodeRfc3986(key)}`;
  }

  get uploadPath(): string {
    return `/upload${this.objectPath()}`;
  }

  #sendOnce({ method, path, query = {}, headers, body, ...more }: GcsRequest, token: string): Promise<StoreAnswer> {
    const entries = Object.entries(query);
    return this.#connection.send({
      method,
      target: entries.length === 0 ? path : `${path}?${canonicalQuery(entries)}`,
      headers: { host: this.#endpoint.host, authorization: `Bearer ${token}`, ...headers },
      body,
      silenceMs: more.silenceMs,
      isOnItsOwn: more.isConditional,
      signal: more.signal,
    });
  }
}
