// Commands on sorted sets.
import {
  type CommandContext,
  CommandError,
  type Commands,
  integerOf,
  scoresAt,
  sliceOf,
  syntaxError,
} from "./command-context.ts";
import { Scores } from "./entries.ts";
import type { Reply } from "./resp.ts";

const notAFloat = "ERR value is not a valid float";

export const sortedSetCommands: Commands = {
  ZADD: { least: 3, grows: true, run: add },
  ZINCRBY: {
    least: 3,
    most: 3,
    grows: true,
    run: (context, [key, delta, member]) => {
      const scores = scoresAt(context, key!) ?? new Scores();
      const score = (scores.get(member!) ?? 0) + scoreOf(delta!);
      context.entries.set(key!, scores.set(member!, score));
      return textOf(score);
    },
  },
  ZREM: {
    least: 2,
    run: (context, [key, ...members]) => {
      const scores = scoresAt(context, key!) ?? new Scores();
      const removed = members.filter((member) => scores.delete(member)).length;
      if (removed > 0) context.entries.set(key!, scores);
      return removed;
    },
  },
  ZCARD: { least: 1, most: 1, run: (context, [key]) => scoresAt(context, key!)?.size ?? 0 },
  ZSCORE: {
    least: 2,
    most: 2,
    run: (context, [key, member]) => {
      const score = scoresAt(context, key!)?.get(member!);
      return score === undefined ? null : textOf(score);
    },
  },
  ZRANK: { least: 2, most: 2, run: (context, [key, member]) => rank(ordered(context, key!), member!) },
  ZREVRANK: { least: 2, most: 2, run: (context, [key, member]) => rank(ordered(context, key!).reverse(), member!) },
  ZCOUNT: {
    least: 3,
    most: 3,
    run: (context, [key, min, max]) => between(ordered(context, key!), min!, max!).length,
  },
  ZRANGE: { least: 3, run: range },
  ZPOPMIN: { least: 1, most: 2, run: (context, [key, count]) => pop(context, key!, ordered(context, key!), count) },
  ZPOPMAX: {
    least: 1,
    most: 2,
    run: (context, [key, count]) => pop(context, key!, ordered(context, key!).reverse(), count),
  },
};

type Scored = [member: string, score: number];

function add(context: CommandContext, [key, ...rest]: string[]): Reply {
  if (rest.length % 2 !== 0) throw new CommandError(syntaxError);
  const scores = scoresAt(context, key!) ?? new Scores();
  const before = scores.size;
  // All are looked at before any is written.
  const scored = rest.flatMap((text, index): Scored[] => (index % 2 === 0 ? [[rest[index + 1]!, scoreOf(text)]] : []));
  for (const [member, score] of scored) scores.set(member, score);
  context.entries.set(key!, scores);
  return scores.size - before;
}

function range(context: CommandContext, [key, from, to, ...words]: string[]): Reply {
  const upper = words.map((word) => word.toUpperCase());
  const isReversed = upper.includes("REV");
  const all = ordered(context, key!);
  if (isReversed) all.reverse();
  const found = upper.includes("BYSCORE")
    ? isReversed
      ? between(all, to!, from!)
      : between(all, from!, to!)
    : all.slice(...sliceOf(from!, to!, all.length));
  const limit = upper.indexOf("LIMIT");
  const offset = limit < 0 ? 0 : integerOf(words[limit + 1] ?? "");
  const end = limit < 0 ? found.length : offset + integerOf(words[limit + 2] ?? "");
  return flat(found.slice(offset, end), upper.includes("WITHSCORES"));
}

function pop(context: CommandContext, key: string, order: Scored[], count = "1"): Reply {
  const most = integerOf(count);
  if (most < 0) throw new CommandError("ERR value is out of range, must be positive");
  const taken = order.slice(0, most);
  const scores = scoresAt(context, key);
  for (const [member] of taken) scores?.delete(member);
  if (scores !== undefined) context.entries.set(key, scores);
  return flat(taken, true);
}

/** By score, and by bytes where that is the same. */
function ordered(context: CommandContext, key: string): Scored[] {
  return [...(scoresAt(context, key) ?? [])].sort((a, b) => a[1] - b[1] || (a[0] < b[0] ? -1 : 1));
}

function rank(order: readonly Scored[], member: string): Reply {
  const index = order.findIndex(([one]) => one === member);
  return index < 0 ? null : index;
}

function between(order: Scored[], min: string, max: string): Scored[] {
  const from = scoreOf(min);
  const to = scoreOf(max);
  return order.filter(([, score]) => score >= from && score <= to);
}

function flat(scored: readonly Scored[], withScores: boolean): Reply {
  return scored.flatMap(([member, score]) => (withScores ? [member, textOf(score)] : [member]));
}

function scoreOf(text: string): number {
  const infinite = /^([+-]?)inf$/i.exec(text);
  if (infinite !== null) return infinite[1] === "-" ? Number.NEGATIVE_INFINITY : Number.POSITIVE_INFINITY;
  const score = Number(text);
  if (text === "" || Number.isNaN(score)) throw new CommandError(notAFloat);
  return score;
}

function textOf(score: number): string {
  if (Number.isFinite(score)) return String(score);
  return score > 0 ? "inf" : "-inf";
}
