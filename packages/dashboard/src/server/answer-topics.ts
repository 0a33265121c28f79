// `GET /api/topics` and what is below it: dead letters of a subscription, replaying them, and throwing them away.
import type { IncomingMessage, ServerResponse } from "node:http";
import type { Graph, SubscriptionState } from "@tenon/model";
import type { MessageRates } from "../topics/message-rates.ts";
import type { TopicDesk } from "../topics/topic-desk.ts";
import { RequestError } from "./errors.ts";
import { readJsonBody } from "./read-json-body.ts";
import { readDiscard, readLetterQuery, readReplay } from "./read-topic-request.ts";
import { respondJson } from "./respond.ts";

const bodyLimitBytes = 4 * 1024 * 1024;

const actions = ["dead-letters", "replay", "discard"] as const;

export interface NamedSubscription {
  readonly topic: string;
  readonly subscription: string;
  readonly action: (typeof actions)[number];
}

/** What the answers are made from. */
export interface TopicScope {
  readonly getGraph: () => Graph | null;
  readonly topics?: TopicDesk;
  readonly rates: MessageRates;
}

/** undefined: the path is another route's. */
export function readTopicPath(path: string): NamedSubscription | undefined {
  const [topic, subscription, action, ...more] = /^\/api\/topics\/(.+)$/.exec(path)?.[1]?.split("/") ?? [];
  const known = actions.find((one) => one === action);
  if (!topic || !subscription || known === undefined || more.length > 0) return undefined;
  return { topic: decodeName(topic), subscription: decodeName(subscription), action: known };
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
  { getGraph, topics: desk, rates }: TopicScope,
): Promise<void> {
  const topics = getGraph()?.topics ?? [];
  const states = topics.length === 0 ? [] : await reached(desk?.states() ?? []);
  respondJson(response, 200, {
    topics: topics.map(({ name, deliveryGuarantee, orderingAttribute, publishers, subscriptions }) => ({
      name,
      deliveryGuarantee,
      ...(orderingAttribute === undefined ? {} : { orderingAttribute }),
      publishers,
      publishedPerMinute: rates.publishedPerMinute(name),
      subscriptions: subscriptions.map((subscription) => ({
        name: subscription.name,
        service: subscription.service,
        ...countsOf(states, name, subscription.name),
        ...rates.of(name, subscription.name),
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
    ...(state?.countedUpTo === undefined ? {} : { countedUpTo: state.countedUpTo }),
  };
}

/** Answers what the path names, once the method fits. */
export async function answerSubscription(
  request: IncomingMessage,
  response: ServerResponse,
  named: NamedSubscription,
  query: URLSearchParams,
  scope: TopicScope,
): Promise<void> {
  const { topic, subscription, action } = named;
  const desk = knownDesk(named, scope);
  if (action === "dead-letters") {
    const page = readLetterQuery(query);
    // One more tells whether there are more.
    const found = await reached(desk.deadLetters(topic, subscription, { ...page, limit: page.limit + 1 }));
    const deadLetters = found.slice(0, page.limit);
    const next = found.length > page.limit ? (deadLetters.at(-1)?.position ?? null) : null;
    return respondJson(response, 200, { deadLetters, next });
  }
  const body = await readJsonBody(request, bodyLimitBytes);
  if (action === "replay") {
    return respondJson(response, 200, await reached(desk.replay(topic, subscription, readReplay(body))));
  }
  respondJson(response, 200, { discarded: await reached(desk.discard(topic, subscription, readDiscard(body))) });
}

function knownDesk({ topic, subscription }: NamedSubscription, { getGraph, topics }: TopicScope): TopicDesk {
  const declared = getGraph()?.topics?.find(({ name }) => name === topic);
  if (topics !== undefined && declared?.subscriptions.some(({ name }) => name === subscription) === true) return topics;
  throw new RequestError(
    "not_found",
    `there is no subscription "${topic}/${subscription}"; GET /api/topics lists them`,
  );
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
