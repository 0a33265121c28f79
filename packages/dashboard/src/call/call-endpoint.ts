// `POST /api/call`: makes a call for a page or a script and tells all about it. Public endpoints are called through the gateway, as
// anybody would; private ones the way services call each other.
import { type Graph, type HttpRequest, httpStatusOf, placeRequest, type WireFields } from "@tenon/model";
import { RequestError } from "../server/errors.ts";
import { readAnswer } from "./read-answer.ts";
import type { WantedCall } from "./read-call.ts";

export interface CallAnswer {
  readonly request: {
    readonly method: string;
    readonly url: string;
    readonly headers: Record<string, string>;
    readonly body?: string;
  };
  readonly response: {
    readonly status: number;
    readonly headers: readonly (readonly [string, string])[];
    readonly body: string;
    /** "base64" for what is no text. */
    readonly encoding: "text" | "base64";
    /** There was more than is shown, or it did not end. */
    readonly truncated: boolean;
  };
  /** Until the head of the answer, and until its end. */
  readonly headMs: number;
  readonly durationMs: number;
  /** null: the answer names none. */
  readonly traceId: string | null;
}

export interface CallDoors {
  /** Base address of the gateway; undefined until it is open. */
  readonly gateway: string | undefined;
  /** Calls an endpoint as another service would, with the whole request as JSON. */
  readonly callPrivate?: PrivateCall;
}

export type PrivateCall = (target: PrivateTarget) => Promise<Response>;

export interface PrivateTarget {
  readonly service: string;
  readonly endpoint: string;
  /** JSON; "" when the endpoint takes nothing. */
  readonly body: string;
  readonly traceparent: string;
  /** Whom the call is made for: an auth handler and what it would have said. */
  readonly auth?: { readonly handler: string; readonly data: WireFields };
  readonly signal: AbortSignal;
}

const answerTimeoutMs = 60_000;

export async function callEndpoint(wanted: WantedCall, graph: Graph, doors: CallDoors): Promise<CallAnswer> {
  const { endpoint, service } = wanted;
  if (endpoint.kind.startsWith("stream-")) {
    throw new RequestError(
      "failed_precondition",
      `${service}.${endpoint.name} is a stream: open a WebSocket to the gateway`,
    );
  }
  const signal = AbortSignal.timeout(answerTimeoutMs);
  return endpoint.expose ? callPublic(wanted, graph, doors, signal) : callPrivately(wanted, doors, signal);
}

async function callPublic(
  { endpoint, parts }: WantedCall,
  graph: Graph,
  { gateway }: CallDoors,
  signal: AbortSignal,
): Promise<CallAnswer> {
  if (gateway === undefined)
    throw new RequestError("unavailable", "the app's gateway is not open yet; see /api/status");
  const placed = placeRequest(endpoint, parts, graph.authHandlers);
  const request = { method: placed.method, url: gateway + placed.target, headers: placed.headers };
  const startedAt = performance.now();
  const response = await answered(send(placed, request.url, signal));
  return describe({ ...request, ...(placed.body !== undefined && { body: placed.body }) }, response, startedAt, null);
}

function send({ method, headers, body }: HttpRequest, url: string, signal: AbortSignal): Promise<Response> {
  return fetch(url, { method, headers, signal, redirect: "manual", ...(body !== undefined && { body }) });
}

async function callPrivately(
  { service, endpoint, parts }: WantedCall,
  { callPrivate }: CallDoors,
  signal: AbortSignal,
): Promise<CallAnswer> {
  if (callPrivate === undefined || endpoint.kind !== "typed") {
    throw new RequestError(
      "failed_precondition",
      `${service}.${endpoint.name} is private: only services of the app can call it`,
    );
  }
  const body = endpoint.request === undefined ? "" : JSON.stringify(parts.request ?? {});
  const traceId = randomHex(16);
  const startedAt = performance.now();
  const traceparent = `00-${traceId}-${randomHex(8)}-01`;
  const [known] = Object.entries(parts.auth ?? {});
  const auth = known === undefined ? {} : { auth: { handler: known[0], data: known[1] } };
  const target = { service, endpoint: endpoint.name, body, traceparent, signal, ...auth };
  const response = await answered(callPrivate(target));
  const url = `service:${service}.${endpoint.name}`;
  return describe({ method: "CALL", url, headers: {}, ...(body !== "" && { body }) }, response, startedAt, traceId);
}

async function answered(response: Promise<Response>): Promise<Response> {
  try {
    return await response;
  } catch (error) {
    const reason =
      error instanceof Error ? ((error.cause as Error | undefined)?.message ?? error.message) : String(error);
    throw new RequestError("unavailable", `the app did not answer: ${reason}`);
  }
}

async function describe(
  request: CallAnswer["request"],
  response: Response,
  startedAt: number,
  traceId: string | null,
): Promise<CallAnswer> {
  const headMs = performance.now() - startedAt;
  const answer = await readAnswer(response);
  const fromHeader = /^[0-9a-f]{2}-([0-9a-f]{32})-/.exec(response.headers.get("traceresponse") ?? "")?.[1];
  return {
    request,
    response: { status: response.status || httpStatusOf.unknown, headers: headersOf(response), ...answer },
    headMs,
    durationMs: performance.now() - startedAt,
    traceId: fromHeader ?? traceId,
  };
}

/** Cookies are the one header that must not be joined. */
function headersOf(response: Response): [string, string][] {
  const headers = [...response.headers].filter(([name]) => name !== "set-cookie");
  return [...headers, ...response.headers.getSetCookie().map((cookie): [string, string] => ["set-cookie", cookie])];
}

function randomHex(bytes: number): string {
  return Buffer.from(crypto.getRandomValues(new Uint8Array(bytes))).toString("hex");
}
