// Requests to Azure Blob Storage (https://learn.microsoft.com/rest/api/storageservices/blob-service-rest-api), with the account's key or with an
// access token of the process.
import { clock } from "../../clock/clock.ts";
import { azureToken } from "../../cloud/azure-token.ts";
import { canonicalQuery } from "../../cloud/sigv4/canonical-request.ts";
import { sendAgain } from "../http/send-again.ts";
import { type StoreAnswer, StoreConnection } from "../http/store-connection.ts";
import { type Asked, wayFailed } from "../http/store-failure.ts";
import { pathOfName } from "../name-path.ts";
import type { AzureBucketConfig } from "./azure-bucket-config.ts";
import { sharedKeyAuthorization } from "./shared-key.ts";

export interface AzureRequest {
  readonly method: string;
  /** As `pathOf` gives it. */
  readonly path: string;
  readonly query?: Readonly<Record<string, string>>;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: Buffer;
  readonly silenceMs?: number;
  readonly signal?: AbortSignal | undefined;
}

export const API_VERSION = "2021-12-02";
const RESOURCE = "https://storage.azure.com";

export class AzureClient {
  readonly #config: AzureBucketConfig;
  readonly #endpoint: URL;
  readonly #connection: StoreConnection;
  readonly #token: () => Promise<string>;

  constructor(config: AzureBucketConfig) {
    this.#config = config;
    this.#endpoint = new URL(config.endpoint);
    this.#connection = new StoreConnection(this.#endpoint);
    this.#token = azureToken(process.env, RESOURCE);
  }

  /** Any answer the store gives. Throws `objects_unavailable`, and what `signal` aborts with. */
  async send(request: AzureRequest, asked: Asked): Promise<StoreAnswer> {
    const { headers = {}, signal } = request;
    const isConditional = "if-match" in headers || "if-none-match" in headers;
    try {
      const token = this.#config.accountKey === undefined ? await this.#token() : undefined;
      return await sendAgain(() => this.#sendOnce(request, token, isConditional), { isConditional, signal });
    } catch (error) {
      signal?.throwIfAborted();
      throw wayFailed(asked, error);
    }
  }

  /** Of the account. */
  get servicePath(): string {
    return `${this.#basePath}/`;
  }

  /** Of the container, or of an object in it. */
  pathOf(key?: string): string {
    const container = `${this.#basePath}/${this.#config.bucketName}`;
    return key === undefined ? container : `${container}/${pathOfName(key)}`;
  }

  urlOf(key: string, query: Readonly<Record<string, string>>): string {
    const search = canonicalQuery(Object.entries(query));
    return `${this.#endpoint.origin}${this.pathOf(key)}${search === "" ? "" : `?${search}`}`;
  }

  /** Who may read what is copied, in a header. */
  async copyAuthorization(): Promise<Readonly<Record<string, string>>> {
    if (this.#config.accountKey !== undefined) return {};
    return { "x-ms-copy-source-authorization": `Bearer ${await this.#token()}` };
  }

  get #basePath(): string {
    return this.#endpoint.pathname.replace(/\/$/, "");
  }

  #sendOnce(request: AzureRequest, token: string | undefined, isOnItsOwn: boolean): Promise<StoreAnswer> {
    const { method, path, query = {}, headers = {}, body, silenceMs, signal } = request;
    const all: Record<string, string> = {
      ...headers,
      "x-ms-date": new Date(clock().now()).toUTCString(),
      "x-ms-version": API_VERSION,
    };
    all["authorization"] = token === undefined ? this.#signed(method, path, query, all, body) : `Bearer ${token}`;
    all["host"] = this.#endpoint.host;
    const search = canonicalQuery(Object.entries(query));
    const target = search === "" ? path : `${path}?${search}`;
    return this.#connection.send({ method, target, headers: all, body, silenceMs, isOnItsOwn, signal });
  }

  #signed(
    method: string,
    path: string,
    query: Readonly<Record<string, string>>,
    headers: Readonly<Record<string, string>>,
    body: Buffer | undefined,
  ): string {
    const { account, accountKey = "" } = this.#config;
    const bodyBytes = body?.length ?? 0;
    return sharedKeyAuthorization(account, accountKey, { method, path, query, headers, bodyBytes });
  }
}
