// Keys that AWS gives to a container for the role it has: asked for when they are needed, kept while they hold, and got anew some time before they
// end.
import { readFile } from "node:fs/promises";
import { clock } from "../../clock/clock.ts";
import type { Credentials } from "../sigv4/sign-request.ts";

export interface CredentialsEndpoint {
  readonly url: string;
  /** For the `authorization` header. */
  readonly token?: string;
  /** Holds the token in place of `token`; written anew by the platform from time to time. */
  readonly tokenFile?: string;
}

interface Held {
  readonly credentials: Credentials;
  readonly endsAtMs: number;
}

/** Requests that were signed before the end may arrive after it; and there is time to try again. */
const RENEWED_BEFORE_MS = 5 * 60_000;
const ANSWERS_WITHIN_MS = 5_000;

export class ContainerCredentials {
  readonly #endpoint: CredentialsEndpoint;
  #held: Held | undefined;
  #asking: Promise<Held> | undefined;

  constructor(endpoint: CredentialsEndpoint) {
    this.#endpoint = endpoint;
  }

  /** Throws Error when there are none to be had; while those at hand still hold, a failure does no harm. */
  async current(): Promise<Credentials> {
    const held = this.#held;
    const leftMs = held === undefined ? 0 : held.endsAtMs - clock().now();
    if (held !== undefined && leftMs > RENEWED_BEFORE_MS) return held.credentials;
    try {
      return (await this.#renew()).credentials;
    } catch (error) {
      if (held !== undefined && leftMs > 0) return held.credentials;
      throw error;
    }
  }

  /** All who wait share one request. */
  #renew(): Promise<Held> {
    this.#asking ??= this.#ask().finally(() => {
      this.#asking = undefined;
    });
    return this.#asking;
  }

  async #ask(): Promise<Held> {
    const { url, tokenFile, token = tokenFile === undefined ? undefined : await readToken(tokenFile) } = this.#endpoint;
    const headers: Record<string, string> = token === undefined ? {} : { authorization: token };
    const response = await fetch(url, { headers, signal: AbortSignal.timeout(ANSWERS_WITHIN_MS) });
    if (!response.ok) throw new Error(`AWS gave this container no keys: ${response.status} from ${url}`);
    this.#held = heldOf(await response.json(), url);
    return this.#held;
  }
}

async function readToken(file: string): Promise<string> {
  return (await readFile(file, "utf8")).trim();
}

function heldOf(answer: unknown, url: string): Held {
  const { AccessKeyId, SecretAccessKey, Token, Expiration } = (answer ?? {}) as Readonly<Record<string, unknown>>;
  const endsAtMs = Date.parse(String(Expiration));
  if (typeof AccessKeyId !== "string" || typeof SecretAccessKey !== "string" || Number.isNaN(endsAtMs))
    throw new Error(`what came from ${url} are no keys`);
  const credentials = { accessKeyId: AccessKeyId, secretAccessKey: SecretAccessKey };
  return { credentials: typeof Token === "string" ? { ...credentials, sessionToken: Token } : credentials, endsAtMs };
}
