// One request to a store of secrets: JSON both ways, made again while the store is away, and errors that say where and why. What was sent and
// what came is never part of them: both may be secret.
import { setTimeout as sleep } from "node:timers/promises";
import { headersToSend } from "@tenon/runtime/cloud";
import { isObject, type Settings } from "../infra-values.ts";

export interface JsonRequest {
  readonly method?: "GET" | "POST";
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
}

/** The store answered, and not with what was asked for. */
export class RequestRefused extends Error {
  override readonly name = "RequestRefused";
  readonly status: number;

  constructor(status: number, message: string) {
    super(message);
    this.status = status;
  }
}

const ATTEMPTS = 3;
const PAUSE_MS = 250;
const ATTEMPT_TIMEOUT_MS = 10_000;
const RETRYABLE: ReadonlySet<number> = new Set([429, 500, 502, 503, 504]);

/** Rejects with Error; `reasonOf` finds what a refusal says in its body. `make` is asked anew for each attempt: signatures have a time. */
export async function requestJson(
  url: URL,
  make: () => Promise<JsonRequest>,
  reasonOf: (answer: Settings) => string | undefined,
): Promise<Settings> {
  for (let attempt = 1; ; attempt++) {
    const request = await make();
    const outcome = await ask(url, request).catch((error: unknown) => wayFailed(url, error));
    if (!(outcome instanceof Error) && outcome.status < 300) return outcome.answer;
    const isLasting = !(outcome instanceof Error) && !RETRYABLE.has(outcome.status);
    if (isLasting || attempt === ATTEMPTS) throw outcome instanceof Error ? outcome : refused(url, outcome, reasonOf);
    await sleep(PAUSE_MS * attempt);
  }
}

interface Outcome {
  readonly status: number;
  /** Empty where the body was no JSON object. */
  readonly answer: Settings;
}

async function ask(url: URL, { method = "GET", headers = {}, body }: JsonRequest): Promise<Outcome> {
  const response = await fetch(url, {
    method,
    headers: headersToSend(headers),
    ...(body === undefined ? {} : { body }),
    // Whoever answers with another address must not get the credentials.
    redirect: "error",
    signal: AbortSignal.timeout(ATTEMPT_TIMEOUT_MS),
  });
  return { status: response.status, answer: parse(await response.text()) };
}

function parse(text: string): Settings {
  try {
    const value: unknown = JSON.parse(text);
    return isObject(value) ? value : {};
  } catch {
    return {};
  }
}

/** What `fetch` fails with says why in its cause. */
function wayFailed(url: URL, error: unknown): Error {
  const { name, message, cause } = error as Error;
  const why = name === "TimeoutError" ? `no answer within ${ATTEMPT_TIMEOUT_MS / 1000} s` : wayReason(cause) || message;
  return new Error(`${url.origin} cannot be reached: ${why}`);
}

function wayReason(cause: unknown): string {
  if (!(cause instanceof Error)) return "";
  const code = (cause as NodeJS.ErrnoException).code ?? "";
  return cause.message === "" ? code : cause.message;
}

function refused(url: URL, { status, answer }: Outcome, reasonOf: (answer: Settings) => string | undefined): Error {
  const reason = reasonOf(answer);
  const why = reason === undefined || reason === "" ? "" : `: ${reason}`;
  return new RequestRefused(status, `${url.host} answered ${status}${why}`);
}
