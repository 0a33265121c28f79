// One request to who gives out credentials: with a time limit, made again where it fails in time, and with what was asked in
// the error.
import { setTimeout as sleep } from "node:timers/promises";
import { CloudCredentialsError } from "./errors.ts";
import { headersToSend } from "./headers-to-send.ts";

export interface CredentialRequest {
  /** "the token of …": begins the message of the error. */
  readonly what: string;
  readonly url: string;
  readonly method?: "GET" | "POST" | "PUT";
  readonly headers?: Readonly<Record<string, string>>;
  /** Sent as a form. */
  readonly form?: Readonly<Record<string, string>>;
  /** Sent as JSON. */
  readonly json?: unknown;
  /** Of one attempt. Default: 5 s, which is for servers next to the process. */
  readonly timeoutMs?: number;
  /** What whoever reads the error should look at. */
  readonly hint?: string;
}

export interface CredentialAnswer {
  readonly text: string;
  readonly headers: Headers;
}

const ATTEMPTS = 3;
const PAUSE_MS = 200;
const NEARBY_TIMEOUT_MS = 5_000;
const SHOWN_CHARACTERS = 300;

/** For servers that are reached through the Internet. */
export const FAR_TIMEOUT_MS = 10_000;

/** The answer of a success. Throws CloudCredentialsError. */
export async function askForCredential(request: CredentialRequest): Promise<CredentialAnswer> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await askOnce(request);
    } catch (error) {
      if (attempt === ATTEMPTS || (error as Error).name === "TimeoutError") {
        const { what, method = methodOf(request), url, hint } = request;
        const asked = `${method} ${withoutQuery(url)}`;
        const reason = `no ${what}: ${asked}: ${reasonOf(error)}${hint === undefined ? "" : `; ${hint}`}`;
        throw new CloudCredentialsError("cloud_credentials_unavailable", reason);
      }
      await sleep(PAUSE_MS);
    }
  }
}

/** The answer's JSON object. Throws CloudCredentialsError. */
export async function askForJson(request: CredentialRequest): Promise<Record<string, unknown>> {
  const { text } = await askForCredential(request);
  const content = parsed(text);
  if (typeof content === "object" && content !== null) return content as Record<string, unknown>;
  throw new CloudCredentialsError(
    "cloud_credentials_unavailable",
    `no ${request.what}: ${withoutQuery(request.url)} gave no JSON object`,
  );
}

/** As errors may show it: what stands behind the "?" may be a secret. */
export function withoutQuery(url: string): string {
  return url.replace(/\?.*$/s, "");
}

async function askOnce(request: CredentialRequest): Promise<CredentialAnswer> {
  const { url, headers = {}, form, json, timeoutMs = NEARBY_TIMEOUT_MS } = request;
  const response = await fetch(url, {
    method: request.method ?? methodOf(request),
    headers: headersToSend({
      accept: "application/json",
      ...(json === undefined ? {} : { "content-type": "application/json" }),
      ...headers,
    }),
    ...(form === undefined ? {} : { body: new URLSearchParams(form) }),
    ...(json === undefined ? {} : { body: JSON.stringify(json) }),
    // With keys in it: nobody else may have it.
    redirect: "error",
    signal: AbortSignal.timeout(timeoutMs),
  });
  const text = await response.text();
  if (response.ok) return { text, headers: response.headers };
  const said = text.replace(/\s+/g, " ").trim().slice(0, SHOWN_CHARACTERS);
  throw new Error(`status ${response.status}${said === "" ? "" : `: ${said}`}`);
}

function methodOf({ form, json }: CredentialRequest): "GET" | "POST" {
  return form === undefined && json === undefined ? "GET" : "POST";
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}

/** What `fetch` fails with says why in its cause. */
function reasonOf(error: unknown): string {
  const { message, cause } = error as Error;
  return cause instanceof Error ? cause.message || message : message;
}
