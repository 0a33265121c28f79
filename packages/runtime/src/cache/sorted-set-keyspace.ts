// Sorted sets in a cache: members with a score, in its order. Leaderboards, schedules, whatever was newest.
import { CacheError } from "./errors.ts";
import { Keyspace, type WriteOptions } from "./keyspace.ts";
import { checkedCount } from "./list-keyspace.ts";

export interface ScoredMember {
  readonly member: string;
  readonly score: number;
}

/** Members with the same score are in the order of their bytes. */
export type ScoreOrder = "lowest-first" | "highest-first";

/**
 * Members with scores by key:
 *
 * ```ts
 * const scores = new SortedSetKeyspace<{ game: string }>(cache, { keyPattern: "scores/:game" });
 * await scores.increment({ game: "chess" }, "ada", 10);
 * const best = await scores.range({ game: "chess" }, 0, 9, "highest-first");
 * ```
 */
export class SortedSetKeyspace<K> extends Keyspace<K> {
  /** Sets the score of a member. True: it is new. */
  async add(key: K, member: string, score: number, options?: WriteOptions): Promise<boolean> {
    return (await this.write("add", "ZADD", [key], [finite("add", score), member], options)) === 1;
  }

  /** Counts from 0 where the member is new. Resolves with its score. */
  async increment(key: K, member: string, delta = 1, options?: WriteOptions): Promise<number> {
    return Number(await this.write("increment", "ZINCRBY", [key], [finite("increment", delta), member], options));
  }

  /** Resolves with how many of them there were. */
  async remove(key: K, ...members: string[]): Promise<number> {
    return members.length === 0 ? 0 : ((await this.write("remove", "ZREM", [key], members)) as number);
  }

  /** undefined: it is no member. */
  async score(key: K, member: string): Promise<number | undefined> {
    const answer = await this.send("score", "ZSCORE", [key], member);
    return answer === null ? undefined : Number(answer);
  }

  /** The position, from 0; undefined: it is no member. */
  async rank(key: K, member: string, order: ScoreOrder = "lowest-first"): Promise<number | undefined> {
    const command = order === "lowest-first" ? "ZRANK" : "ZREVRANK";
    return ((await this.send("rank", command, [key], member)) as number | null) ?? undefined;
  }

  async len(key: K): Promise<number> {
    return (await this.send("len", "ZCARD", [key])) as number;
  }

  /** From position `start` to `stop`, both included; negative ones count from the end. */
  async range(key: K, start: number, stop: number, order: ScoreOrder = "lowest-first"): Promise<ScoredMember[]> {
    const words = [...reversed(order), "WITHSCORES"];
    return scoredMembers(await this.send("range", "ZRANGE", [key], start, stop, ...words));
  }

  /** With scores from `min` to `max`, both included, which may be infinite; at most `limit` of them. */
  async rangeByScore(
    key: K,
    min: number,
    max: number,
    { order = "lowest-first", limit }: { order?: ScoreOrder; limit?: number } = {},
  ): Promise<ScoredMember[]> {
    const [from, to] = order === "lowest-first" ? [min, max] : [max, min];
    const words = ["BYSCORE", ...reversed(order)];
    const limits = limit === undefined ? [] : ["LIMIT", 0, checkedCount("rangeByScore", limit)];
    const args = [bound(from), bound(to), ...words, ...limits, "WITHSCORES"];
    return scoredMembers(await this.send("rangeByScore", "ZRANGE", [key], ...args));
  }

  /** How many have scores from `min` to `max`, both included, which may be infinite. */
  async count(key: K, min: number, max: number): Promise<number> {
    return (await this.send("count", "ZCOUNT", [key], bound(min), bound(max))) as number;
  }

  /** Takes out those with the lowest scores, at most `count`. */
  async popLowest(key: K, count = 1, options?: WriteOptions): Promise<ScoredMember[]> {
    return scoredMembers(await this.write("popLowest", "ZPOPMIN", [key], [checkedCount("popLowest", count)], options));
  }

  /** Takes out those with the highest scores, at most `count`. */
  async popHighest(key: K, count = 1, options?: WriteOptions): Promise<ScoredMember[]> {
    const most = checkedCount("popHighest", count);
    return scoredMembers(await this.write("popHighest", "ZPOPMAX", [key], [most], options));
  }
}

function reversed(order: ScoreOrder): string[] {
  return order === "lowest-first" ? [] : ["REV"];
}

function bound(score: number): string | number {
  if (Number.isFinite(score)) return score;
  return score > 0 ? "+inf" : "-inf";
}

/** Members and scores by turns. */
function scoredMembers(answer: unknown): ScoredMember[] {
  const texts = answer as string[];
  return texts.flatMap((member, index) => (index % 2 === 0 ? [{ member, score: Number(texts[index + 1]) }] : []));
}

function finite(operation: string, score: number): number {
  if (Number.isFinite(score)) return score;
  throw new CacheError(operation, undefined, "cache_argument_invalid", { reason: `${score} is not a finite number` });
}
