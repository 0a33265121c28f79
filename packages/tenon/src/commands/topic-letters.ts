// The dead letters of one subscription for `tenon topic`: listing, replaying and discarding them. Each function checks the command line
// first and gives what is to be done.
import type { DeadLetter } from "@tenon/model";
import {
  booleanOption,
  CommandError,
  type CommandInput,
  integerOption,
  stringOption,
  UsageError,
} from "./definition.ts";
import type { Topics } from "./find-topics.ts";

type Action = (topics: Topics, topic: string, subscription: string) => Promise<number>;

interface Page {
  readonly letters: readonly DeadLetter[];
  /** undefined: there are no more. */
  readonly next: string | undefined;
}

/** One less than the dashboard gives at once: one more tells whether there are more. */
const pageSize = 999;

export function listLetters(messageIds: readonly string[], input: CommandInput): Action {
  if (messageIds.length > 0) throw new UsageError("tenon topic dlq takes no message ids");
  const isAll = booleanOption(input, "all");
  const limit = integerOption(input, "limit", 1) ?? (isAll ? Number.POSITIVE_INFINITY : 100);
  const isJson = booleanOption(input, "json");
  return async (...subscription) => {
    let after = stringOption(input, "after");
    let printed = 0;
    do {
      const page: Page = await pageOf(subscription, Math.min(limit - printed, pageSize), after);
      for (const letter of page.letters) print(isJson ? JSON.stringify(letter) : textOf(letter));
      printed += page.letters.length;
      after = page.next;
    } while (after !== undefined && printed < limit);
    if (after !== undefined && !isJson) print(`There are more: --after ${after}, --limit N, or --all.`);
    return 0;
  };
}

export function replayLetters(messageIds: readonly string[], input: CommandInput): Action {
  const isAll = booleanOption(input, "all");
  const limit = integerOption(input, "limit", 1);
  if (messageIds.length > 0 === (isAll || limit !== undefined))
    throw new UsageError("tenon topic replay needs the ids of messages, --limit N for the oldest, or --all");
  const perSecond = rateOption(input);
  return async (topics, topic, subscription) => {
    const answer = await topics.replay(topic, subscription, {
      ...(messageIds.length > 0 && { messageIds }),
      ...(limit !== undefined && { limit }),
      ...(perSecond !== undefined && { perSecond }),
    });
    if (answer.replayed === 0 && messageIds.length > 0) throw noSuchLetter();
    const rate = perSecond === undefined ? "" : `, ${perSecond} a second`;
    print(
      booleanOption(input, "json")
        ? JSON.stringify(answer)
        : `${answer.replayed} replayed${rate}; trace ${answer.traceId}`,
    );
    return 0;
  };
}

export function discardLetters(messageIds: readonly string[], input: CommandInput): Action {
  const isAll = booleanOption(input, "all");
  if (messageIds.length > 0 === isAll) throw new UsageError("tenon topic discard needs the ids of messages, or --all");
  if (!booleanOption(input, "yes"))
    throw new UsageError("tenon topic discard throws messages away for good: say so with --yes");
  return async (topics, topic, subscription) => {
    const discard = (ids: readonly string[]) => topics.discard(topic, subscription, ids);
    let discarded = 0;
    if (!isAll) discarded = await discard(messageIds);
    // Those that die meanwhile were not there when somebody decided: the list is read once, from its beginning to its end.
    for (const ids of isAll ? await allIds([topics, topic, subscription]) : []) discarded += await discard(ids);
    if (discarded === 0 && !isAll) throw noSuchLetter();
    print(booleanOption(input, "json") ? JSON.stringify({ discarded }) : `${discarded} discarded`);
    return 0;
  };
}

async function allIds(subscription: Parameters<Action>): Promise<string[][]> {
  const pages: string[][] = [];
  let after: string | undefined;
  do {
    const page: Page = await pageOf(subscription, pageSize, after);
    pages.push(page.letters.map(({ messageId }) => messageId));
    after = page.next;
  } while (after !== undefined);
  return pages;
}

async function pageOf(
  [topics, topic, subscription]: Parameters<Action>,
  count: number,
  after: string | undefined,
): Promise<Page> {
  const found = await topics.deadLetters(topic, subscription, { limit: count + 1, after });
  const letters = found.slice(0, count);
  return { letters, next: found.length > count ? letters.at(-1)?.position : undefined };
}

/** "50/s" or "50". */
function rateOption(input: CommandInput): number | undefined {
  const text = stringOption(input, "rate");
  if (text === undefined) return undefined;
  const rate = /^(\d{1,6}(?:\.\d{1,3})?)(?:\/s)?$/.exec(text)?.[1];
  if (rate !== undefined && Number(rate) > 0) return Number(rate);
  throw new UsageError(`--rate must be a number of messages a second such as 50/s, got "${text}"`);
}

function textOf({ messageId, diedAt, attempts, reason, message, traceId }: DeadLetter): string {
  return [
    `${messageId}  ${diedAt}  after ${attempts} attempts  trace ${traceId}`,
    `  ${reason.replaceAll("\n", "\n  ")}`,
    `  ${JSON.stringify(message)}`,
  ].join("\n");
}

function noSuchLetter(): CommandError {
  return new CommandError("not_found", "there is no such dead letter", "`tenon topic dlq` lists them.");
}

function print(text: string): void {
  process.stdout.write(`${text}\n`);
}
