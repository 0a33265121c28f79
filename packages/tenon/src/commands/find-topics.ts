// Who knows the topics that a `tenon topic` command is about: the dashboard of the running app, or, with --infra, the engine that carries
// the messages of a production.
import type { Replay, TopicDesk } from "@tenon/dashboard";
import type { DeadLetter, SubscriptionState, Topic } from "@tenon/model";
import type { MessagingConfig } from "@tenon/runtime";
import { databaseVariable, messagesDatabase } from "../database-variable.ts";
import type { Infra } from "../start/infra.ts";
import { askDashboard } from "./ask-dashboard.ts";
import { CommandError, type CommandInput, stringOption } from "./definition.ts";
import { dashboardOf } from "./running-app.ts";

/** The engine itself does not know what the code says of a topic, nor how fast it goes. */
export interface ListedTopic extends Partial<Pick<Topic, "publishers" | "deliveryGuarantee" | "orderingAttribute">> {
  readonly name: string;
  readonly publishedPerMinute?: number;
  readonly subscriptions: readonly ListedSubscription[];
}

export interface ListedSubscription {
  readonly name: string;
  readonly service?: string;
  readonly backlog: number;
  readonly oldestAgeMs: number | null;
  readonly deadLetters: number;
  readonly countedUpTo?: number;
  readonly handledPerMinute?: number;
  readonly failedPerMinute?: number;
}

export interface Topics extends Omit<TopicDesk, "states"> {
  list(): Promise<readonly ListedTopic[]>;
}

export async function findTopics(input: CommandInput): Promise<Topics> {
  const infra = stringOption(input, "infra");
  return infra === undefined ? ofDashboard(await dashboardOf(stringOption(input, "app"))) : ofEngine(infra);
}

function ofDashboard(dashboard: string): Topics {
  const pathOf = (topic: string, subscription: string) =>
    `${dashboard}/api/topics/${encodeURIComponent(topic)}/${encodeURIComponent(subscription)}`;
  return {
    list: async () => (await askDashboard<{ topics: ListedTopic[] }>(`${dashboard}/api/topics`)).topics,
    async deadLetters(topic, subscription, { limit, after }) {
      const query = new URLSearchParams({ limit: String(limit), ...(after === undefined ? {} : { after }) });
      const url = `${pathOf(topic, subscription)}/dead-letters?${query}`;
      return (await askDashboard<{ deadLetters: DeadLetter[] }>(url)).deadLetters;
    },
    replay: (topic, subscription, options) => askDashboard<Replay>(`${pathOf(topic, subscription)}/replay`, options),
    discard: async (topic, subscription, messageIds) =>
      (await askDashboard<{ discarded: number }>(`${pathOf(topic, subscription)}/discard`, { messageIds })).discarded,
  };
}

async function ofEngine(file: string): Promise<Topics> {
  const [{ readInfra }, { createTopicLedger }, { createTopicDesk }, telemetry] = await Promise.all([
    import("../start/infra.ts"),
    import("../dev/topic-ledger.ts"),
    import("../dev/topic-desk.ts"),
    import("@tenon/runtime"),
  ]);
  const messaging = messagingOf(await readInfra(file, process.env));
  if (messaging === undefined)
    throw new CommandError("not_configured", `${file} names neither an engine for messages (pubsub) nor a database`);
  const exported = telemetry.telemetryConfigFromEnv(process.env);
  telemetry.configureTelemetry({ otlpEndpoint: null, sample: 1, flushIntervalMs: 100, ...exported });
  const desk = createTopicDesk(createTopicLedger(() => messaging));
  return {
    list: async () => grouped(await reached(desk.states())),
    deadLetters: (...wanted) => reached(desk.deadLetters(...wanted)),
    async replay(...wanted) {
      const replay = await reached(desk.replay(...wanted));
      await telemetry.flushTelemetry();
      return replay;
    },
    discard: (...wanted) => reached(desk.discard(...wanted)),
  };
}

/** As `tenon start` finds it. */
function messagingOf({ messaging, databases }: Infra): MessagingConfig | undefined {
  const own = process.env[databaseVariable(messagesDatabase)];
  if (own !== undefined) return { kind: "postgres", connectionString: own };
  const spare = Object.keys(databases).sort()[0];
  if (messaging !== undefined || spare === undefined) return messaging;
  return { kind: "postgres", connectionString: databases[spare]!.connectionString };
}

function grouped(states: readonly SubscriptionState[]): ListedTopic[] {
  const topics = new Map<string, ListedSubscription[]>();
  for (const { topic, subscription, ...counts } of states) {
    topics.set(topic, [...(topics.get(topic) ?? []), { name: subscription, ...counts }]);
  }
  return [...topics].map(([name, subscriptions]) => ({ name, subscriptions }));
}

async function reached<T>(asked: Promise<T>): Promise<T> {
  try {
    return await asked;
  } catch (error) {
    const { message } = error as Error;
    throw new CommandError("unavailable", `the engine of the app's messages does not answer: ${message}`);
  }
}
