// Requests to Google's APIs in JSON: with the token of the process, a time limit, and Google's own words in the error.
import { googleToken } from "@tenon/runtime/engine";

const requestTimeoutMs = 30_000;

/** The service has answered that it does not want to. */
export class GoogleApiError extends Error {
  override readonly name = "GoogleApiError";
  /** "NOT_FOUND", "PERMISSION_DENIED" ...: the code of Google's RPCs. */
  readonly status: string;

  constructor(status: string, message: string) {
    super(message);
    this.status = status;
  }
}

export interface RequestOptions {
  readonly body?: unknown;
  readonly signal?: AbortSignal;
  readonly timeoutMs?: number;
}

export class RestClient {
  readonly #endpoint: string;
  readonly #token: () => Promise<string>;

  /** `scope`: of the tokens. Over plain HTTP, as emulators speak it, none is sent. */
  constructor(endpoint: string, scope: string) {
    this.#endpoint = endpoint.replace(/\/+$/, "");
    this.#token = googleToken(process.env, scope);
  }

  /** Throws GoogleApiError, and what `fetch` throws. */
  async request<Answer>(method: "GET" | "POST", path: string, options: RequestOptions = {}): Promise<Answer> {
    const { body, signal, timeoutMs = requestTimeoutMs } = options;
    const timeout = AbortSignal.timeout(timeoutMs);
    const response = await fetch(`${this.#endpoint}${path}`, {
      method,
      headers: {
        ...(body === undefined ? {} : { "content-type": "application/json" }),
        ...(this.#endpoint.startsWith("https:") ? { authorization: `Bearer ${await this.#token()}` } : {}),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      redirect: "error",
      signal: signal === undefined ? timeout : AbortSignal.any([signal, timeout]),
    });
    const text = await response.text();
    if (!response.ok) throw errorOf(response.status, text);
    return (text === "" ? {} : JSON.parse(text)) as Answer;
  }
}

function errorOf(httpStatus: number, text: string): GoogleApiError {
  try {
    const { error } = JSON.parse(text) as { error: { message: string; status: string } };
    return new GoogleApiError(error.status, `${error.status}: ${error.message}`);
  } catch {
    // Not Google, but something in between, has answered.
    return new GoogleApiError(`HTTP_${httpStatus}`, `status ${httpStatus}: ${text.slice(0, 300)}`);
  }
}
