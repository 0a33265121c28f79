// The handlers of Azure Functions (programming model v4): HTTP with answers that stream, messages of Service Bus and Storage queues, and
// timers. They take and give what `@azure/functions` describes, and need nothing of that package.
import { Readable } from "node:stream";
import { seenClient } from "../client-address.ts";
import { EventUnknown } from "../event-unknown.ts";
import type { FunctionAnswer, FunctionCall } from "../function-call.ts";
import type { FunctionHost } from "../function-host.ts";
import { encodedPath } from "../path-text.ts";
import type { PushedMessage } from "../push-book.ts";
import { cookieOf, type AzureCookie } from "./azure-cookie.ts";

/** Of `HttpRequest`. */
export interface AzureRequest {
  readonly method: string;
  /** The whole URL. */
  readonly url: string;
  readonly headers: Iterable<[string, string]>;
  arrayBuffer(): Promise<ArrayBuffer>;
}

/** Of `HttpResponseInit`. */
export interface AzureResponse {
  readonly status: number;
  readonly headers: Record<string, string>;
  readonly cookies: AzureCookie[];
  readonly body: Buffer | AsyncIterable<Uint8Array>;
}

/** Of `InvocationContext`. */
export interface AzureContext {
  readonly triggerMetadata?: Readonly<Record<string, unknown>> | undefined;
}

export class AzureFunction {
  private readonly hosted: Promise<FunctionHost>;

  constructor(hosted: Promise<FunctionHost>) {
    this.hosted = hosted;
  }

  readonly http = async (request: AzureRequest): Promise<AzureResponse> => {
    const host = await this.hosted;
    const answer = await host.serve(await callFrom(request));
    const { body } = answer;
    if (body instanceof Readable)
      return responseOf(
        answer,
        settledBehind(body, () => host.settle(undefined)),
      );
    await host.settle(undefined);
    return responseOf(answer, body);
  };

  /** A handler for the messages of one subscription. What it throws makes the platform bring the message again. */
  queue(subscription: string): (entry: unknown, context: AzureContext) => Promise<void> {
    return async (entry, context) => {
      const host = await this.hosted;
      const message = messageFrom(entry, context);
      try {
        const outcome = await host.deliver(subscription, message);
        if (outcome === undefined) throw new EventUnknown(`this function has no subscription "${subscription}"`);
        if (outcome.kind === "handled") return;
        throw new Error(`the message ${message.id} for ${subscription} was not handled: ${outcome.reason}`);
      } finally {
        await host.settle(undefined);
      }
    };
  }

  /** A handler for the timer of a cron job. */
  timer(job: string): () => Promise<void> {
    return async () => {
      const host = await this.hosted;
      try {
        const running = host.runTick(job, Date.now());
        if (running === undefined) throw new EventUnknown(`this function has no cron job "${job}"`);
        await running;
      } finally {
        await host.settle(undefined);
      }
    };
  }
}

async function callFrom(request: AzureRequest): Promise<FunctionCall> {
  const url = new URL(request.url);
  const headers: Record<string, string> = {};
  for (const [name, value] of request.headers) headers[name.toLowerCase()] = value;
  const { remoteAddress, forwardedFor } = seenClient(headers["x-forwarded-for"], undefined);
  if (forwardedFor === undefined) delete headers["x-forwarded-for"];
  else headers["x-forwarded-for"] = forwardedFor;
  headers["host"] ??= url.host;
  const body = Buffer.from(await request.arrayBuffer());
  return {
    method: request.method,
    path: encodedPath(url.pathname),
    query: url.search.slice(1),
    headers,
    body: body.length === 0 ? null : body,
    remoteAddress,
    deadlineAt: undefined,
  };
}

function responseOf({ status, headers }: FunctionAnswer, body: AzureResponse["body"]): AzureResponse {
  const { "set-cookie": cookies, ...others } = headers;
  // A single cookie goes out as it is; of several lines in a header the library keeps the last.
  const areMany = Array.isArray(cookies) && cookies.length > 1;
  const single = Object.entries(areMany ? others : headers).map(
    ([name, value]) => [name, [value].flat().join(", ")] as const,
  );
  return { status, headers: Object.fromEntries(single), cookies: areMany ? cookies.map(cookieOf) : [], body };
}

/** The end of the body waits until nothing is left. */
async function* settledBehind(body: Readable, settle: () => Promise<void>): AsyncGenerator<Uint8Array> {
  try {
    yield* body as AsyncIterable<Uint8Array>;
  } finally {
    await settle();
  }
}

/** Service Bus and Storage queues give parsed JSON, or the text where it is none, with the rest in the metadata of the trigger. */
function messageFrom(entry: unknown, { triggerMetadata = {} }: AzureContext): PushedMessage {
  const { messageId, id, deliveryCount, dequeueCount, enqueuedTimeUtc, insertionTime, sessionId } = triggerMetadata;
  const given = triggerMetadata["applicationProperties"] ?? {};
  const texts = Object.entries(given as object).map(([name, value]) => [name, String(value)] as const);
  const { traceparent = "", ...attributes } = Object.fromEntries(texts) as Record<string, string>;
  const at = new Date(String(enqueuedTimeUtc ?? insertionTime ?? ""));
  return {
    id: String(messageId ?? id ?? ""),
    payload: typeof entry === "string" ? entry : JSON.stringify(entry),
    attributes,
    orderingKey: typeof sessionId === "string" ? sessionId : null,
    traceparent,
    publishedAt: Number.isNaN(at.getTime()) ? new Date() : at,
    attempt: Number(deliveryCount ?? dequeueCount ?? 1),
  };
}
