// A registry as the rest of this folder sees it: requests that are let in, repeated where that can help, and redirected where the registry
// keeps blobs elsewhere.
import type { IncomingMessage, OutgoingHttpHeaders } from "node:http";
import { setTimeout as pause } from "node:timers/promises";
import { DeployError } from "../../deploy-error.ts";
import { parseChallenge } from "./challenge.ts";
import { type Credentials, type Environment, findCredentials } from "./credentials.ts";
import { exchange, type RequestBody } from "./http-exchange.ts";
import { registryAddress } from "./registry-address.ts";
import { authorizationFor } from "./registry-token.ts";

export interface RegistryOptions {
  /** "ghcr.io", "localhost:5000". */
  readonly name: string;
  /** Plain http, wherever it is. */
  readonly isInsecure: boolean;
  readonly environment: Environment;
  /** How long to wait before each further attempt; their number is that of attempts after the first. */
  readonly pausesMs?: readonly number[];
}

export interface RegistryRequest {
  readonly method: "GET" | "HEAD" | "POST" | "PUT" | "PATCH";
  /** Below the registry's address, or one that it gave. */
  readonly url: string | URL;
  /** What a token must allow: "repository:acme/shop:pull,push". */
  readonly scopes: readonly string[];
  readonly headers?: OutgoingHttpHeaders;
  readonly body?: RequestBody;
  /** The request names one session of the registry, which a second attempt would not find as it was. */
  readonly isOnce?: boolean;
}

export interface Registry {
  readonly name: string;
  readonly address: URL;
  /** Any answer that no further attempt would change. Throws DeployError `registry_unreachable`. */
  request(request: RegistryRequest): Promise<IncomingMessage>;
}

const defaultPausesMs = [500, 2_000, 5_000];
const maxRedirects = 5;
const worthRepeating: ReadonlySet<number> = new Set([408, 429, 500, 502, 503, 504]);

export function createRegistry(options: RegistryOptions): Registry {
  const { name, isInsecure, pausesMs = defaultPausesMs } = options;
  const address = registryAddress(name, isInsecure);
  const send = createSender(options, address);
  return {
    name,
    address,
    async request(request) {
      for (let attempt = 0; ; attempt += 1) {
        const pauseMs = request.isOnce === true ? undefined : pausesMs[attempt];
        try {
          const answer = await send(request);
          if (pauseMs === undefined || !worthRepeating.has(answer.statusCode ?? 0)) return answer;
          answer.resume();
          await pause(Math.max(pauseMs, retryAfterMs(answer)));
        } catch (error) {
          if (error instanceof DeployError) throw error;
          if (pauseMs === undefined) throw unreachable(address, error as Error);
          await pause(pauseMs);
        }
      }
    },
  };
}

/** Sends once, but for what it takes to be let in and to follow redirects. */
function createSender({ name, environment }: RegistryOptions, address: URL) {
  /** Scopes -> value of `Authorization`. */
  const authorizations = new Map<string, string>();
  let credentials: Promise<Credentials | undefined> | undefined;

  async function letIn(answer: IncomingMessage, scopes: readonly string[]): Promise<boolean> {
    const challenge = parseChallenge(answer.headers["www-authenticate"] ?? "");
    if (challenge === undefined) return false;
    const repository = scopes[0]?.split(":")[1] ?? "";
    credentials ??= findCredentials(name, repository, environment);
    const authorization = await authorizationFor(challenge, scopes, await credentials);
    if (authorization === undefined) return false;
    authorizations.set(scopes.join(" "), authorization);
    return true;
  }

  return async ({ method, url, scopes, headers, body }: RegistryRequest): Promise<IncomingMessage> => {
    let target = new URL(url, address);
    let isKnown = false;
    for (let redirects = 0; ; ) {
      const authorization = target.host === address.host ? authorizations.get(scopes.join(" ")) : undefined;
      const all = { ...headers, ...(authorization === undefined ? {} : { authorization }) };
      const answer = await exchange({ method, url: target, headers: all, ...(body === undefined ? {} : { body }) });
      const status = answer.statusCode ?? 0;
      const { location } = answer.headers;
      if (status === 401 && !isKnown && target.host === address.host && (await letIn(answer, scopes))) {
        // One more time: a token may have run out since.
        isKnown = true;
      } else if (
        status >= 301 &&
        status <= 308 &&
        status !== 304 &&
        location !== undefined &&
        redirects < maxRedirects
      ) {
        redirects += 1;
        target = new URL(location, target);
      } else return answer;
      answer.resume();
    }
  };
}

/** In seconds; a date is not asked for by any registry we know. */
function retryAfterMs({ headers }: IncomingMessage): number {
  const seconds = Number(headers["retry-after"]);
  return seconds > 0 ? Math.min(seconds, 30) * 1000 : 0;
}

function unreachable(address: URL, error: Error): DeployError {
  const code = (error as NodeJS.ErrnoException).code;
  const why = error.message || code || "no answer";
  return new DeployError(
    "registry_unreachable",
    `${address.origin} can't be reached: ${why}`,
    address.protocol === "https:"
      ? "Look at the name and at the network; --insecure speaks http. An image without a registry is made with --base offline."
      : "Is it running? An image without a registry is made with --base offline.",
  );
}
