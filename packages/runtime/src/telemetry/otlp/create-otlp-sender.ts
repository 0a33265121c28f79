// Sends batches of spans to an OTLP/HTTP collector: a bounded number of attempts with growing pauses, then the batch is given up
// with a warning. Makes no spans of its own.
import { setTimeout as sleep } from "node:timers/promises";
import { messageOf } from "../exception-event.ts";
import { warnRarely } from "../warn-rarely.ts";
import { type Compression, type PostResult, postJson } from "./post-json.ts";

export interface OtlpOptions {
  /** Base address; "/v1/traces" is added. */
  readonly endpoint: URL;
  readonly headers: Readonly<Record<string, string>>;
  /** Default "gzip". */
  readonly compression?: Compression;
  /** Default 200: the pause before the second attempt, doubled for each further one. */
  readonly firstPauseMs?: number;
}

/** Sends an export request of so many spans, given in pieces; gives how many of them arrived. */
export type SendOtlp = (body: readonly Uint8Array[], spans: number, signal: AbortSignal) => Promise<number>;

const MAX_ATTEMPTS = 5;
const MAX_PAUSE_MS = 5000;
const DEFAULT_FIRST_PAUSE_MS = 200;

export function createOtlpSender(options: OtlpOptions): SendOtlp {
  const { headers, compression = "gzip", firstPauseMs = DEFAULT_FIRST_PAUSE_MS } = options;
  const url = new URL(options.endpoint);
  url.pathname = `${url.pathname.replace(/\/+$/, "")}/v1/traces`;

  return async (body, spans, signal) => {
    let problem = "";
    for (let attempt = 1; attempt <= MAX_ATTEMPTS; attempt++) {
      const result = await postJson(url, body, { headers, compression }, signal).catch(messageOf);
      if (typeof result !== "string" && result.status >= 200 && result.status < 300) {
        return spans - rejectedSpans(result.body, url);
      }
      problem = typeof result === "string" ? result : `status ${result.status}`;
      if (signal.aborted || attempt === MAX_ATTEMPTS || !canRetry(result)) break;
      const aborted = await pause(pauseMs(attempt, firstPauseMs, result), signal);
      if (aborted) break;
    }
    warnRarely("telemetry: the OTLP collector does not take our spans; they are dropped", {
      endpoint: url.origin + url.pathname,
      problem,
      dropped: spans,
      hint: "check OTEL_EXPORTER_OTLP_ENDPOINT and OTEL_EXPORTER_OTLP_HEADERS",
    });
    return 0;
  };
}

/** The protocol names 429, 502, 503 and 504; other 5xx come from proxies that are restarting often enough. */
function canRetry(result: PostResult | string): boolean {
  return typeof result === "string" || result.status === 429 || (result.status >= 500 && result.status !== 501);
}

function pauseMs(attempt: number, firstPauseMs: number, result: PostResult | string): number {
  const asked = typeof result === "string" ? undefined : result.retryAfterMs;
  // Half of it random, so that processes that lost the collector together do not come back together.
  const grown = firstPauseMs * 2 ** (attempt - 1) * (0.5 + Math.random() / 2);
  return Math.min(asked ?? grown, MAX_PAUSE_MS);
}

async function pause(ms: number, signal: AbortSignal): Promise<boolean> {
  try {
    await sleep(ms, undefined, { signal, ref: false });
    return false;
  } catch {
    return true;
  }
}

/** A collector may take a batch in part; it says so in a 200 answer. */
function rejectedSpans(body: string, url: URL): number {
  if (!body.includes("rejectedSpans")) return 0;
  try {
    const { partialSuccess } = JSON.parse(body) as {
      partialSuccess?: { rejectedSpans?: unknown; errorMessage?: unknown };
    };
    const rejected = Number(partialSuccess?.rejectedSpans ?? 0);
    if (!(rejected > 0)) return 0;
    warnRarely("telemetry: the OTLP collector refused some spans", {
      endpoint: url.origin + url.pathname,
      rejected,
      problem: partialSuccess?.errorMessage,
    });
    return rejected;
  } catch {
    return 0;
  }
}
