// `tenon topic list|dlq|replay|discard`: what waits in the topics of the running app, and what could not be handled.
import { booleanOption, type Command, type CommandInput, UsageError } from "./definition.ts";
import { findTopics, type ListedSubscription, type ListedTopic } from "./find-topics.ts";
import { discardLetters, listLetters, replayLetters } from "./topic-letters.ts";

const actions = { dlq: listLetters, replay: replayLetters, discard: discardLetters };
const usage =
  "tenon topic knows list, and dlq, replay and discard with TOPIC/SUBSCRIPTION and, for the last two, MESSAGE-ID or --all";

export const topicCommand: Command = {
  name: "topic",
  summary: "Shows what waits in the app's topics (list) and dead letters (dlq NAME); replays or discards those",
  positionals: ["list|dlq|replay|discard", "topic/subscription", "message-id..."],
  options: {
    app: { type: "string", value: "DIR", summary: "the app's folder (nearest)" },
    infra: { type: "string", value: "FILE", summary: "infra.json of a production, instead of the app that runs here" },
    all: { type: "boolean", summary: "dlq, replay, discard: all dead letters of the subscription" },
    limit: { type: "string", value: "N", summary: "dlq: so many at most (100); replay: the oldest so many" },
    after: { type: "string", value: "POSITION", summary: "dlq: those after that position" },
    rate: { type: "string", value: "N/s", summary: "replay: so many a second (all at once)" },
    yes: { type: "boolean", summary: "discard: really throw them away" },
    json: { type: "boolean", summary: "print JSON, one object a line" },
  },
  async run(input) {
    const [action = "list", name, ...messageIds] = input.positionals;
    const act = Object.hasOwn(actions, action) ? actions[action as keyof typeof actions] : undefined;
    if (action !== "list" && act === undefined) throw new UsageError(`${usage}, not "${action}"`);
    if (act === undefined) return list(input);
    const [topic, subscription] = subscriptionName(name);
    const begin = act(messageIds, input);
    return begin(await findTopics(input), topic, subscription);
  },
};

function subscriptionName(name: string | undefined): [topic: string, subscription: string] {
  const [topic, subscription, ...more] = name?.split("/") ?? [];
  if (!topic || !subscription || more.length > 0)
    throw new UsageError(`${usage}: the name is like order-placed/send-mail`);
  return [topic, subscription];
}

async function list(input: CommandInput): Promise<number> {
  const topics = await (await findTopics(input)).list();
  for (const topic of topics) {
    const lines = booleanOption(input, "json") ? [JSON.stringify(topic)] : linesOf(topic);
    for (const line of lines) process.stdout.write(`${line}\n`);
  }
  return 0;
}

function linesOf({ name, deliveryGuarantee, orderingAttribute, publishers, ...topic }: ListedTopic): string[] {
  const head = [
    name,
    ...(deliveryGuarantee === "exactly-once" ? ["exactly once"] : []),
    ...(orderingAttribute === undefined ? [] : [`in order by ${orderingAttribute}`]),
    ...(publishers === undefined ? [] : [`published by ${publishers.join(", ") || "nobody"}`]),
    ...(topic.publishedPerMinute === undefined ? [] : [`${topic.publishedPerMinute} a minute`]),
  ];
  const rows = topic.subscriptions.map((one) => [
    `  ${name}/${one.name}`,
    ...(one.service === undefined ? [] : [one.service]),
    `${one.backlog}${plus(one.backlog, one)} waiting${ageText(one.oldestAgeMs)}`,
    `${one.deadLetters}${plus(one.deadLetters, one)} dead`,
    ...(one.handledPerMinute === undefined ? [] : [`${one.handledPerMinute} handled a minute`]),
    ...(one.failedPerMinute === undefined ? [] : [`${one.failedPerMinute} failed`]),
  ]);
  return [head, ...rows].map((parts) => parts.join("  "));
}

/** Counting ends somewhere. */
function plus(count: number, { countedUpTo }: ListedSubscription): string {
  return countedUpTo !== undefined && count >= countedUpTo ? "+" : "";
}

function ageText(oldestAgeMs: number | null): string {
  return oldestAgeMs === null ? "" : `, oldest for ${Math.round(oldestAgeMs / 1_000)} s`;
}
