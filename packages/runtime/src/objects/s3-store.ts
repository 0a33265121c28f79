// A bucket of an S3-compatible store: signed requests over fetch, path-style addresses, which every such store understands.
import { AwsClient } from "aws4fetch";
import { ObjectNotFound, ObjectsError, PreconditionFailed } from "./errors.ts";
import type { ListEntry, ObjectAttrs, ObjectStore, SignedMethod, StoredUpload } from "./object-store.ts";
import { readListing } from "./s3-listing.ts";

export interface S3BucketConfig {
  /** "https://s3.eu-central-1.amazonaws.com". */
  readonly endpoint: string;
  readonly region: string;
  /** Name of the bucket there. */
  readonly bucketName: string;
  /** Goes in front of every name. */
  readonly keyPrefix?: string;
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  /** Under which the objects of a public bucket are reached. */
  readonly publicBaseUrl?: string;
}

export class S3Store implements ObjectStore {
  readonly #bucket: string;
  readonly #config: S3BucketConfig;
  readonly #client: AwsClient;

  constructor(bucket: string, config: S3BucketConfig) {
    this.#bucket = bucket;
    this.#config = config;
    const { accessKeyId, secretAccessKey, region } = config;
    this.#client = new AwsClient({ accessKeyId, secretAccessKey, region, service: "s3" });
  }

  async upload(name: string, data: Uint8Array, { contentType, notExists }: StoredUpload): Promise<ObjectAttrs> {
    const headers: Record<string, string> = { "content-type": contentType ?? "application/octet-stream" };
    if (notExists) headers["if-none-match"] = "*";
    const response = await this.#ask(this.#url(name), {
      method: "PUT",
      headers,
      body: data as Uint8Array<ArrayBuffer>,
    });
    if (response.status === 412 || response.status === 409) throw new PreconditionFailed(this.#bucket, name);
    await this.#require(response, name);
    return { ...attrsOf(name, response), size: data.byteLength, ...(contentType === undefined ? {} : { contentType }) };
  }

  async download(name: string, version: string | undefined): Promise<Buffer> {
    const response = await this.#ask(this.#url(name, version), { method: "GET" });
    await this.#require(response, name);
    return Buffer.from(await response.arrayBuffer());
  }

  async attrs(name: string, version: string | undefined): Promise<ObjectAttrs> {
    const response = await this.#ask(this.#url(name, version), { method: "HEAD" });
    await this.#require(response, name);
    return attrsOf(name, response);
  }

  async remove(name: string, version: string | undefined): Promise<void> {
    const response = await this.#ask(this.#url(name, version), { method: "DELETE" });
    if (response.status !== 404) await this.#require(response, name);
  }

  async *list(prefix: string): AsyncGenerator<ListEntry> {
    const { keyPrefix = "" } = this.#config;
    let continuation: string | undefined;
    do {
      const query = new URLSearchParams({ "list-type": "2", prefix: keyPrefix + prefix });
      if (continuation !== undefined) query.set("continuation-token", continuation);
      const response = await this.#ask(`${this.#root}?${query}`, { method: "GET" });
      await this.#require(response, prefix);
      const page = readListing(await response.text());
      for (const entry of page.entries) yield { ...entry, name: entry.name.slice(keyPrefix.length) };
      continuation = page.continuation;
    } while (continuation !== undefined);
  }

  async signedUrl(method: SignedMethod, name: string, ttlSeconds: number): Promise<string> {
    const url = new URL(this.#url(name));
    url.searchParams.set("X-Amz-Expires", String(ttlSeconds));
    const signed = await this.#client.sign(url.href, { method, aws: { signQuery: true } });
    return signed.url;
  }

  publicUrl(name: string): string | undefined {
    const { publicBaseUrl, keyPrefix = "" } = this.#config;
    return publicBaseUrl === undefined
      ? undefined
      : `${publicBaseUrl.replace(/\/$/, "")}/${encodeKey(keyPrefix + name)}`;
  }

  get #root(): string {
    const { endpoint, bucketName } = this.#config;
    return `${endpoint.replace(/\/$/, "")}/${bucketName}`;
  }

  #url(name: string, version?: string): string {
    const url = `${this.#root}/${encodeKey((this.#config.keyPrefix ?? "") + name)}`;
    return version === undefined ? url : `${url}?versionId=${encodeURIComponent(version)}`;
  }

  async #ask(url: string, init: RequestInit): Promise<Response> {
    try {
      return await this.#client.fetch(url, init);
    } catch (error) {
      throw new ObjectsError(`the store of the bucket "${this.#bucket}" cannot be reached`, { cause: error });
    }
  }

  async #require(response: Response, name: string): Promise<void> {
    if (response.ok) return;
    if (response.status === 404) throw new ObjectNotFound(this.#bucket, name);
    const text = (await response.text()).slice(0, 500);
    throw new ObjectsError(
      `the store of the bucket "${this.#bucket}" answered ${response.status} for "${name}": ${text}`,
    );
  }
}

/** As S3 wants it: everything but unreserved characters and slashes is percent-encoded. */
function encodeKey(key: string): string {
  const encode = (part: string) =>
    encodeURIComponent(part).replace(/[!'()*]/g, (one) => `%${one.charCodeAt(0).toString(16).toUpperCase()}`);
  return key.split("/").map(encode).join("/");
}

function attrsOf(name: string, { headers }: Response): ObjectAttrs {
  const contentType = headers.get("content-type");
  const version = headers.get("x-amz-version-id");
  return {
    name,
    size: Number(headers.get("content-length") ?? 0),
    etag: (headers.get("etag") ?? "").replaceAll('"', ""),
    ...(contentType === null ? {} : { contentType }),
    ...(version === null ? {} : { version }),
  };
}
