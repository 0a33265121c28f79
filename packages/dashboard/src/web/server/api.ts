// The dashboard's API as the pages use it (docs/reference/dashboard-api.md).
import type { CallParts, DeadLetter, Diagnostic, Graph, Topic, Trace, TraceSummary } from "@tenon/model";

/** What `GET /api/status` says about the app behind the dashboard. */
export interface AppStatus {
  /** `broken`: the last good version is served; `failed`: nothing is. */
  readonly state: "starting" | "running" | "reloading" | "broken" | "failed";
  readonly diagnostics: readonly (Diagnostic & { readonly frame?: string })[];
  /** The app's public door; absent until it is open. */
  readonly gateway?: string;
}

/** A request that did not give the expected answer; status 0: no answer at all. */
export class ApiFailure extends Error {
  readonly status: number;
  constructor(status: number, message: string) {
    super(message);
    this.status = status;
  }
}

export async function fetchGraph(signal: AbortSignal): Promise<Graph> {
  return (await get("/api/graph", signal)) as Graph;
}

export async function fetchStatus(signal: AbortSignal): Promise<AppStatus> {
  return (await get("/api/status", signal)) as AppStatus;
}

/** `query` starts with "?". */
export async function fetchTraces(query: string, signal: AbortSignal): Promise<readonly TraceSummary[]> {
  return ((await get(`/api/traces${query}`, signal)) as { traces: TraceSummary[] }).traces;
}

export async function fetchTrace(traceId: string, signal: AbortSignal): Promise<Trace> {
  return (await get(`/api/traces/${encodeURIComponent(traceId)}`, signal)) as Trace;
}

/** What `POST /api/call` tells of a call that was made. */
export interface CallAnswer {
  readonly request: {
    readonly method: string;
    readonly url: string;
    readonly headers: Readonly<Record<string, string>>;
    readonly body?: string;
  };
  readonly response: {
    readonly status: number;
    readonly headers: readonly (readonly [string, string])[];
    readonly body: string;
    readonly encoding: "text" | "base64";
    readonly truncated: boolean;
  };
  readonly headMs: number;
  readonly durationMs: number;
  readonly traceId: string | null;
}

export async function makeCall(
  target: { readonly service: string; readonly endpoint: string },
  parts: CallParts,
  signal: AbortSignal,
): Promise<CallAnswer> {
  return (await post("/api/call", { ...target, ...parts }, signal)) as CallAnswer;
}

export interface ListedTopic extends Pick<Topic, "name" | "publishers" | "deliveryGuarantee" | "orderingAttribute"> {
  readonly publishedPerMinute: number;
  readonly subscriptions: readonly ListedSubscription[];
}

export interface ListedSubscription {
  readonly name: string;
  readonly service: string;
  readonly backlog: number;
  readonly oldestAgeMs: number | null;
  readonly deadLetters: number;
  /** A count that has reached it stands for as many or more. */
  readonly countedUpTo?: number;
  readonly handledPerMinute: number;
  readonly failedPerMinute: number;
}

export async function fetchTopics(signal: AbortSignal): Promise<readonly ListedTopic[]> {
  return ((await get("/api/topics", signal)) as { topics: ListedTopic[] }).topics;
}

export interface SubscriptionName {
  readonly topic: string;
  readonly subscription: string;
}

export interface LetterPage {
  readonly deadLetters: readonly DeadLetter[];
  /** null: there are no more. */
  readonly next: string | null;
}

/** The oldest `limit`. */
export async function fetchLetters(name: SubscriptionName, limit: number, signal: AbortSignal): Promise<LetterPage> {
  return (await get(`${subscriptionPath(name)}/dead-letters?limit=${limit}`, signal)) as LetterPage;
}

/** Without ids: all. */
export interface ReplayWish {
  readonly messageIds?: readonly string[];
  readonly perSecond?: number;
}

export async function replayLetters(name: SubscriptionName, wish: ReplayWish, signal: AbortSignal) {
  return (await post(`${subscriptionPath(name)}/replay`, wish, signal)) as { replayed: number; traceId: string };
}

export async function discardLetters(name: SubscriptionName, messageIds: readonly string[], signal: AbortSignal) {
  return (await post(`${subscriptionPath(name)}/discard`, { messageIds }, signal)) as { discarded: number };
}

function subscriptionPath({ topic, subscription }: SubscriptionName): string {
  return `/api/topics/${encodeURIComponent(topic)}/${encodeURIComponent(subscription)}`;
}

function get(path: string, signal: AbortSignal): Promise<unknown> {
  return ask(path, { signal, headers: { accept: "application/json" } });
}

function post(path: string, body: unknown, signal: AbortSignal): Promise<unknown> {
  const headers = { accept: "application/json", "content-type": "application/json" };
  return ask(path, { method: "POST", headers, body: JSON.stringify(body), signal });
}

async function ask(path: string, init: RequestInit & { readonly signal: AbortSignal }): Promise<unknown> {
  const { signal } = init;
  let response: Response;
  try {
    response = await fetch(path, init);
  } catch (error) {
    if (signal.aborted) throw error;
    throw new ApiFailure(0, "The dashboard's server does not answer.");
  }
  const body: unknown = await response.json().catch(() => null);
  if (!response.ok) throw new ApiFailure(response.status, messageOf(body) ?? `${path} answered ${response.status}.`);
  return body;
}

function messageOf(body: unknown): string | undefined {
  if (typeof body !== "object" || body === null || !("message" in body)) return undefined;
  return typeof body.message === "string" ? body.message : undefined;
}
