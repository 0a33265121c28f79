// The keys of a container's role, from the endpoint that Amazon ECS and EKS Pod Identity put beside it: fetched when they are first needed,
// and again before they run out. All buckets of a process share them.
import { readFile } from "node:fs/promises";
import { setTimeout as sleep } from "node:timers/promises";
import { clock } from "../../clock/clock.ts";
import { runOutsideOfCalls } from "../../telemetry/outside-of-calls.ts";
import { warnRarely } from "../../telemetry/warn-rarely.ts";
import type { S3Keys, S3KeysEndpoint } from "./s3-bucket-config.ts";

const RENEW_BEFORE_MS = 5 * 60_000;
const ATTEMPTS = 3;
const PAUSE_MS = 200;
const ATTEMPT_TIMEOUT_MS = 2_000;

interface Kept {
  readonly keys: S3Keys;
  readonly expiresAt: number;
}

export class RoleKeys {
  static readonly #byUrl = new Map<string, RoleKeys>();
  readonly #endpoint: S3KeysEndpoint;
  #kept: Kept | undefined;
  #fetching: Promise<Kept> | undefined;

  static of(endpoint: S3KeysEndpoint): RoleKeys {
    const known = RoleKeys.#byUrl.get(endpoint.url) ?? new RoleKeys(endpoint);
    RoleKeys.#byUrl.set(endpoint.url, known);
    return known;
  }

  constructor(endpoint: S3KeysEndpoint) {
    this.#endpoint = endpoint;
  }

  /** Rejects when there are none that still hold. */
  async current(): Promise<S3Keys> {
    const kept = this.#kept;
    if (kept !== undefined && clock().now() < kept.expiresAt - RENEW_BEFORE_MS) return kept.keys;
    try {
      return (await this.#renew()).keys;
    } catch (error) {
      if (kept === undefined || clock().now() >= kept.expiresAt) throw error;
      warnRarely("the keys of the role cannot be renewed", { reason: (error as Error).message });
      return kept.keys;
    }
  }

  /** It belongs to no call: whoever needs them at the same time waits for the same answer. */
  #renew(): Promise<Kept> {
    this.#fetching ??= runOutsideOfCalls(() => fetchKeys(this.#endpoint))
      .then((kept) => {
        this.#kept = kept;
        return kept;
      })
      .finally(() => {
        this.#fetching = undefined;
      });
    return this.#fetching;
  }
}

async function fetchKeys(endpoint: S3KeysEndpoint): Promise<Kept> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await fetchOnce(endpoint);
    } catch (error) {
      if (attempt === ATTEMPTS) throw new Error(`no keys of the role from ${endpoint.url}: ${reasonOf(error)}`);
      await sleep(PAUSE_MS);
    }
  }
}

async function fetchOnce({ url, token, tokenFile }: S3KeysEndpoint): Promise<Kept> {
  const authorization = tokenFile === undefined ? token : (await readFile(tokenFile, "utf8")).trim();
  const response = await fetch(url, {
    headers: { accept: "application/json", ...(authorization === undefined ? {} : { authorization }) },
    redirect: "error",
    signal: AbortSignal.timeout(ATTEMPT_TIMEOUT_MS),
  });
  if (response.status !== 200) throw new Error(`status ${response.status}`);
  const { AccessKeyId, SecretAccessKey, Token, Expiration } = (await response.json()) as Record<string, unknown>;
  if (typeof AccessKeyId !== "string" || typeof SecretAccessKey !== "string") throw new Error("no keys in the answer");
  const expiresAt = typeof Expiration === "string" ? Date.parse(Expiration) : Number.POSITIVE_INFINITY;
  const keys = { accessKeyId: AccessKeyId, secretAccessKey: SecretAccessKey };
  return { keys: { ...keys, ...(typeof Token === "string" ? { sessionToken: Token } : {}) }, expiresAt };
}

/** What `fetch` fails with says why in its cause. */
function reasonOf(error: unknown): string {
  const { message, cause } = error as Error;
  return cause instanceof Error ? cause.message || message : message;
}
