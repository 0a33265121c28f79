// `GET /api/topics`, `GET /api/topics/:topic/:subscription/dead-letters` and `POST .../replay`.
import type { IncomingMessage, ServerResponse } from "node:http";
import type { Graph, SubscriptionState, TopicControl } from "@tenon/model";
import { RequestError } from "./errors.ts";
import { readJsonBody } from "./read-json-body.ts";
import { respondJson } from "./respond.ts";

const defaultLimit = 100;
const maxLimit = 1_000;
const replayLimitBytes = 1024 * 1024;

export interface NamedSubscription {
  readonly topic: string;
  readonly subscription: string;
  readonly action: "dead-letters" | "replay";
}

/** undefined: the path is another route's. */
export function readTopicPath(path: string): NamedSubscription | undefined {
  const found = /^\/api\/topics\/([^/]+)\/([^/]+)\/(dead-letters|replay)$/.exec(path);
  if (found === null) return undefined;
  const [topic, subscription] = [found[1]!, found[2]!].map(decodeName) as [string, string];
  return { topic, subscription, action: found[3] as NamedSubscription["action"] };
}

function decodeName(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    throw new RequestError("invalid_argument", `the path segment "${text}" is not valid percent-encoded UTF-8`);
  }
}

export async function answerTopics(
  response: ServerResponse,
  graph: Graph | null,
  control: TopicControl | undefined,
): Promise<void> {
  const topics = graph?.topics ?? [];
  const states = topics.length === 0 ? [] : await reached(control?.states() ?? []);
  respondJson(response, 200, {
    topics: topics.map(({ name, deliveryGuarantee, orderingAttribute, publishers, subscriptions }) => ({
      name,
      deliveryGuarantee,
      ...(orderingAttribute === undefined ? {} : { orderingAttribute }),
      publishers,
      subscriptions: subscriptions.map((subscription) => ({
        name: subscription.name,
        service: subscription.service,
        ...countsOf(states, name, subscription.name),
      })),
    })),
  });
}

function countsOf(states: readonly SubscriptionState[], topic: string, subscription: string) {
  const state = states.find((one) => one.topic === topic && one.subscription === subscription);
  return {
    backlog: state?.backlog ?? 0,
    oldestAgeMs: state?.oldestAgeMs ?? null,
    deadLetters: state?.deadLetters ?? 0,
  };
}

export async function answerDeadLetters(
  response: ServerResponse,
  { topic, subscription }: NamedSubscription,
  query: URLSearchParams,
  graph: Graph | null,
  control: TopicControl | undefined,
): Promise<void> {
  const known = knownControl(topic, subscription, graph, control);
  const deadLetters = await reached(known.deadLetters(topic, subscription, { limit: readLimit(query) }));
  respondJson(response, 200, { deadLetters });
}

/** The body is `{}` for all of them, or `{ "messageIds": [...] }`. */
export async function replayDeadLetters(
  request: IncomingMessage,
  response: ServerResponse,
  { topic, subscription }: NamedSubscription,
  graph: Graph | null,
  control: TopicControl | undefined,
): Promise<void> {
  const known = knownControl(topic, subscription, graph, control);
  const messageIds = readMessageIds(await readJsonBody(request, replayLimitBytes));
  respondJson(response, 200, { replayed: await reached(known.replay(topic, subscription, { messageIds })) });
}

function knownControl(
  topic: string,
  subscription: string,
  graph: Graph | null,
  control: TopicControl | undefined,
): TopicControl {
  const declared = graph?.topics?.find(({ name }) => name === topic);
  if (control !== undefined && declared?.subscriptions.some(({ name }) => name === subscription) === true)
    return control;
  throw new RequestError(
    "not_found",
    `there is no subscription "${topic}/${subscription}"; GET /api/topics lists them`,
  );
}

function readLimit(query: URLSearchParams): number {
  for (const name of query.keys()) {
    if (name !== "limit") throw new RequestError("invalid_argument", `there is no parameter "${name}"; limit is known`);
  }
  const text = query.get("limit");
  if (text === null) return defaultLimit;
  const limit = /^\d{1,4}$/.test(text) ? Number(text) : 0;
  if (limit >= 1 && limit <= maxLimit) return limit;
  throw new RequestError("invalid_argument", `limit must be a whole number from 1 to ${maxLimit}, got "${text}"`);
}

function readMessageIds(body: unknown): string[] | undefined {
  const wanted = (body as { readonly messageIds?: unknown } | null)?.messageIds;
  const isObject = typeof body === "object" && body !== null && !Array.isArray(body);
  if (isObject && Object.keys(body).length === 0) return undefined;
  if (isObject && Array.isArray(wanted) && wanted.every((id) => typeof id === "string")) return wanted;
  throw new RequestError("invalid_argument", 'the body must be {} for all, or { "messageIds": ["..."] }');
}

/** A broker that is away is not the dashboard's fault. */
async function reached<T>(asked: T | Promise<T>): Promise<T> {
  try {
    return await asked;
  } catch (error) {
    throw new RequestError(
      "unavailable",
      `the broker of the app's messages does not answer: ${(error as Error).message}`,
    );
  }
}
