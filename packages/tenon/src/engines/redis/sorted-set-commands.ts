// Commands on sorted sets.
import {
  type CommandContext,
  CommandError,
  type Commands,
  integerOf,
  notAFloat,
  scoresAt,
  sliceOf,
  syntaxError,
} from "./command-context.ts";
import { itemBytes } from "./entries.ts";
import type { Reply } from "./resp.ts";
import { Scores, type Scored } from "./scores.ts";

const notARange = "ERR min or max is not a float";

export const sortedSetCommands: Commands = {
  ZADD: { least: 3, grows: true, run: add },
  ZINCRBY: {
    least: 3,
    most: 3,
    grows: true,
    run: (context, [key, delta, member]) => {
      const by = scoreOf(delta!);
      const scores = scoresAt(context, key!) ?? new Scores();
      const score = (scores.get(member!) ?? 0) + by;
      if (Number.isNaN(score)) throw new CommandError("ERR resulting score is not a number (NaN)");
      write(context, key!, scores, [[member!, score]]);
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
  ZRANK: { least: 2, most: 2, run: (context, [key, member]) => scoresAt(context, key!)?.rank(member!) ?? null },
  ZREVRANK: {
    least: 2,
    most: 2,
    run: (context, [key, member]) => {
      const scores = scoresAt(context, key!);
      const rank = scores?.rank(member!);
      return rank === undefined ? null : scores!.size - 1 - rank;
    },
  },
  ZCOUNT: {
    least: 3,
    most: 3,
    run: (context, [key, min, max]) => between(min!, max!)(ordered(context, key!)).length,
  },
  ZRANGE: { least: 3, run: range },
  ZPOPMIN: { least: 1, most: 2, run: (context, [key, count]) => pop(context, key!, ordered(context, key!), count) },
  ZPOPMAX: {
    least: 1,
    most: 2,
    run: (context, [key, count]) => pop(context, key!, ordered(context, key!).toReversed(), count),
  },
};

function add(context: CommandContext, [key, ...rest]: string[]): Reply {
  if (rest.length % 2 !== 0) throw new CommandError(syntaxError);
  // All are looked at before any is written.
  const scored = rest.flatMap((text, index): Scored[] => (index % 2 === 0 ? [[rest[index + 1]!, scoreOf(text)]] : []));
  const scores = scoresAt(context, key!) ?? new Scores();
  const before = scores.size;
  write(context, key!, scores, scored);
  return scores.size - before;
}

function write({ entries }: CommandContext, key: string, scores: Scores, scored: readonly Scored[]): void {
  let grownBytes = 0;
  for (const [member, score] of scored) {
    const old = scores.get(member);
    grownBytes += itemBytes(member, String(score)) - (old === undefined ? 0 : itemBytes(member, String(old)));
    scores.set(member, score);
  }
  entries.set(key, scores, grownBytes);
}

function range(context: CommandContext, [key, from, to, ...words]: string[]): Reply {
  const upper = words.map((word) => word.toUpperCase());
  const isReversed = upper.includes("REV");
  const limit = upper.lastIndexOf("LIMIT");
  const offset = limit < 0 ? 0 : integerOf(words[limit + 1] ?? "");
  const count = limit < 0 ? -1 : integerOf(words[limit + 2] ?? "");
  const [low, high] = isReversed ? [to!, from!] : [from!, to!];
  // What is asked for is checked before the key is looked at.
  const select = upper.includes("BYSCORE") ? between(low, high) : atPositions(from!, to!);
  const all = isReversed ? ordered(context, key!).toReversed() : ordered(context, key!);
  const found = select(all);
  return flat(found.slice(offset, count < 0 ? undefined : offset + count), upper.includes("WITHSCORES"));
}

function pop(context: CommandContext, key: string, order: readonly Scored[], count = "1"): Reply {
  const most = integerOf(count);
  if (most < 0) throw new CommandError("ERR value is out of range, must be positive");
  const taken = order.slice(0, most);
  const scores = scoresAt(context, key);
  for (const [member] of taken) scores?.delete(member);
  if (scores !== undefined) context.entries.set(key, scores);
  return flat(taken, true);
}

function ordered(context: CommandContext, key: string): readonly Scored[] {
  return scoresAt(context, key)?.order ?? [];
}

type Selection = (order: readonly Scored[]) => readonly Scored[];

function between(min: string, max: string): Selection {
  const from = scoreOf(min, notARange);
  const to = scoreOf(max, notARange);
  return (order) => order.filter(([, score]) => score >= from && score <= to);
}

function atPositions(start: string, stop: string): Selection {
  integerOf(start);
  integerOf(stop);
  return (order) => order.slice(...sliceOf(start, stop, order.length));
}

function flat(scored: readonly Scored[], withScores: boolean): Reply {
  return scored.flatMap(([member, score]) => (withScores ? [member, textOf(score)] : [member]));
}

function scoreOf(text: string, otherwise = notAFloat): number {
  const infinite = /^([+-]?)inf$/i.exec(text);
  if (infinite !== null) return infinite[1] === "-" ? Number.NEGATIVE_INFINITY : Number.POSITIVE_INFINITY;
  const score = Number(text);
  if (text === "" || Number.isNaN(score)) throw new CommandError(otherwise);
  return score;
}

function textOf(score: number): string {
  if (Number.isFinite(score)) return String(score);
  return score > 0 ? "inf" : "-inf";
}
