// `tenon topic list|dlq|replay`: what waits in the topics of the running app, and what could not be handled.
import type { DeadLetter, Topic } from "@tenon/model";
import {
  booleanOption,
  type Command,
  CommandError,
  type CommandInput,
  integerOption,
  stringOption,
  UsageError,
} from "./definition.ts";
import { dashboardOf } from "./running-app.ts";

interface ListedTopic extends Pick<Topic, "name" | "publishers" | "deliveryGuarantee" | "orderingAttribute"> {
  readonly subscriptions: readonly ListedSubscription[];
}

interface ListedSubscription {
  readonly name: string;
  readonly service: string;
  readonly backlog: number;
  readonly oldestAgeMs: number | null;
  readonly deadLetters: number;
}

const usage = "tenon topic knows list, dlq TOPIC/SUBSCRIPTION and replay TOPIC/SUBSCRIPTION [MESSAGE-ID]";

export const topicCommand: Command = {
  name: "topic",
  summary: "Shows what waits in the app's topics (list) and dead letters (dlq NAME), or replays those (replay NAME)",
  positionals: ["list|dlq|replay", "topic/subscription", "message-id"],
  options: {
    app: { type: "string", value: "DIR", summary: "the app's folder (nearest)" },
    all: { type: "boolean", summary: "replay: all dead letters of the subscription" },
    limit: { type: "string", value: "N", summary: "dlq: so many at most (100)" },
    json: { type: "boolean", summary: "print JSON, one object a line" },
  },
  async run(input) {
    const [action = "list", name, messageId] = input.positionals;
    if (action === "list") return list(await dashboardOf(stringOption(input, "app")), input);
    if (action !== "dlq" && action !== "replay") throw new UsageError(`${usage}, not "${action}"`);
    const path = subscriptionPath(name);
    if (action === "dlq") return deadLetters(await dashboardOf(stringOption(input, "app")), path, input);
    const body = replayBody(messageId, booleanOption(input, "all"));
    return replay(await dashboardOf(stringOption(input, "app")), path, body, input);
  },
};

function subscriptionPath(name: string | undefined): string {
  const parts = name?.split("/") ?? [];
  if (parts.length !== 2 || parts.includes(""))
    throw new UsageError(`${usage}: the name is like order-placed/send-mail`);
  return parts.map(encodeURIComponent).join("/");
}

function replayBody(messageId: string | undefined, isAll: boolean): object {
  if ((messageId === undefined) !== isAll)
    throw new UsageError("tenon topic replay needs the id of a message, or --all");
  return messageId === undefined ? {} : { messageIds: [messageId] };
}

async function list(dashboard: string, input: CommandInput): Promise<number> {
  const { topics } = await ask<{ topics: ListedTopic[] }>(`${dashboard}/api/topics`);
  for (const topic of topics) {
    if (booleanOption(input, "json")) print(JSON.stringify(topic));
    else for (const line of linesOf(topic)) print(line);
  }
  return 0;
}

function linesOf({ name, orderingAttribute, publishers, subscriptions }: ListedTopic): string[] {
  const order = orderingAttribute === undefined ? "" : `  in order by ${orderingAttribute}`;
  return [
    `${name}${order}  published by ${publishers.join(", ") || "nobody"}`,
    ...subscriptions.map(
      ({ name: subscription, service, backlog, oldestAgeMs, deadLetters: dead }) =>
        `  ${name}/${subscription}  ${service}  ${backlog} waiting${ageText(oldestAgeMs)}  ${dead} dead`,
    ),
  ];
}

function ageText(oldestAgeMs: number | null): string {
  return oldestAgeMs === null ? "" : `, oldest for ${Math.round(oldestAgeMs / 1_000)} s`;
}

async function deadLetters(dashboard: string, path: string, input: CommandInput): Promise<number> {
  const limit = integerOption(input, "limit", 1);
  const query = limit === undefined ? "" : `?limit=${limit}`;
  const answer = await ask<{ deadLetters: DeadLetter[] }>(`${dashboard}/api/topics/${path}/dead-letters${query}`);
  for (const letter of answer.deadLetters) {
    if (booleanOption(input, "json")) print(JSON.stringify(letter));
    else for (const line of letterLines(letter)) print(line);
  }
  return 0;
}

function letterLines({ messageId, diedAt, attempts, reason, message, traceId }: DeadLetter): string[] {
  return [
    `${messageId}  ${diedAt}  after ${attempts} attempts  trace ${traceId}`,
    `  ${reason.replaceAll("\n", "\n  ")}`,
    `  ${JSON.stringify(message)}`,
  ];
}

async function replay(dashboard: string, path: string, body: object, input: CommandInput): Promise<number> {
  const { replayed } = await ask<{ replayed: number }>(`${dashboard}/api/topics/${path}/replay`, body);
  if (replayed === 0 && "messageIds" in body) {
    throw new CommandError("not_found", "there is no such dead letter", "`tenon topic dlq` lists them.");
  }
  print(booleanOption(input, "json") ? JSON.stringify({ replayed }) : `${replayed} replayed`);
  return 0;
}

function print(line: string): void {
  process.stdout.write(`${line}\n`);
}

/** `body`: sent with POST. */
async function ask<T>(url: string, body?: object): Promise<T> {
  const post = { method: "POST", headers: { "content-type": "application/json" }, body: JSON.stringify(body) };
  const response = await fetch(url, body === undefined ? {} : post);
  const answer = (await response.json()) as T & { code?: string; message?: string };
  if (response.ok) return answer;
  throw new CommandError(answer.code ?? "failed", answer.message ?? `the dashboard answered ${response.status}`);
}
