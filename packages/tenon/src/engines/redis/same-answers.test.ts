// The development server beside a real Redis: the same random commands to both, and every answer compared, errors word for word.
import assert from "node:assert/strict";
import { test } from "node:test";
import { developmentServer, realRedis, withoutRedis } from "./cache-servers.test.support.ts";
import { type Answer, RespClient } from "./resp-client.test.support.ts";

const seeds = 250;
const commandsOfSeed = 60;
/** Those that once found something: first in every run. */
const found = [168, 1049];

type Random = (below: number) => number;

/** The same numbers for the same seed: a xorshift of 32 bits. */
function randomOf(seed: number): Random {
  let state = Math.imul(seed + 1, 0x9e3779b9) || 1;
  return (below) => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) % below;
  };
}

const texts = [
  "",
  "a",
  "b",
  "c",
  "1",
  "7",
  "-3",
  "1.5",
  " 2",

  "3e2",
  "\xe9\xff\0\r\n",
  "abcdefgh",
  "9223372036854775806",
];
const integers = ["0", "1", "2", "-1", "-2", "-9", "5", "100", "x", "1.5", "9223372036854775807", ""];
const positions = ["0", "1", "2", "3", "-1", "-2", "-3", "-9", "9", "x"];
const fractions = ["1", "0.5", "-2.25", "10", "1e2", "x", ""];
const scores = ["0", "1", "1", "2.5", "-3", "+inf", "-inf", "x"];
const limits = ["-inf", "+inf", "0", "1", "2.5", "-3", "x"];

/** How the arguments of each command are made; `k` is a key, the other letters one of the lists above. */
const shapes: Readonly<Record<string, string>> = {
  k: "GET STRLEN GETDEL LLEN LPOP RPOP SCARD SMEMBERS ZCARD HGETALL HLEN TYPE PERSIST PTTL TTL EXISTS DEL SPOP SRANDMEMBER",
  kt: "SET APPEND SISMEMBER SADD SREM LPUSH RPUSH HGET HDEL ZSCORE ZRANK ZREVRANK ZREM",
  ktt: "SADD SREM LPUSH RPUSH HDEL ZREM HSET",
  ktttt: "HSET",
  kk: "MGET SDIFF SINTER SUNION DEL EXISTS",
  kkk: "MGET SDIFF SINTER SUNION SDIFFSTORE SINTERSTORE SUNIONSTORE",
  ki: "INCRBY DECRBY",
  kf: "INCRBYFLOAT",
  ktf: "HINCRBYFLOAT",
  kpp: "GETRANGE LRANGE LTRIM ZRANGE",
  kp: "LINDEX",
  kpt: "SETRANGE LSET LREM",
  kkt: "SMOVE",
  kst: "ZADD ZINCRBY",
  ksts: "ZADD",
  kstst: "ZADD",
  kll: "ZCOUNT",
};

const choices = Object.entries(shapes).flatMap(([shape, names]) =>
  names.split(" ").map((name) => [name, shape] as const),
);

/** Commands with words of their own among the arguments. */
const worded: readonly ((random: Random, any: (kind: string) => string) => string[])[] = [
  (random, any) => [
    "SET",
    any("k"),
    any("t"),
    ...subset(random, ["NX", "XX", "GET", "KEEPTTL", "PX 60000", "EX 60", "PX 0", "EX x", "NO"]),
  ],
  (random, any) => ["LINSERT", any("k"), ["BEFORE", "after", "IN"][random(3)]!, any("t"), any("t")],
  (random, any) => ["LMOVE", any("k"), any("k"), ["LEFT", "right", "UP"][random(3)]!, ["left", "RIGHT"][random(2)]!],
  (random, any) => ["ZRANGE", any("k"), any("p"), any("p"), ...subset(random, ["REV", "WITHSCORES"])],
  (random, any) => [
    "ZRANGE",
    any("k"),
    any("l"),
    any("l"),
    "BYSCORE",
    ...subset(random, ["REV", "WITHSCORES", "LIMIT 0 2", "LIMIT 1 -1"]),
  ],
  (random, any) => [["ZPOPMIN", "ZPOPMAX"][random(2)]!, any("k"), ...subset(random, ["2"])],
  (random, any) => ["PEXPIRE", any("k"), ["60000", "-1", "0", "x", "9223372036854775807"][random(5)]!],
  (_, any) => ["EXPIRE", any("k"), "100"],
  (_, any) => ["SPOP", any("k"), "100"],
  (_, any) => ["SRANDMEMBER", any("k"), "100"],
  () => ["NONSENSE"],
];

function subset(random: Random, words: readonly string[]): string[] {
  return words.filter(() => random(words.length) === 0).flatMap((word) => word.split(" "));
}

function commandOf(random: Random, keys: readonly string[]): string[] {
  const lists: Record<string, readonly string[]> = {
    k: keys,
    t: texts,
    i: integers,
    p: positions,
    f: fractions,
    s: scores,
    l: limits,
  };
  const any = (kind: string) => lists[kind]![random(lists[kind]!.length)]!;
  if (random(4) === 0) return worded[random(worded.length)]!(random, any);
  const [name, shape] = choices[random(choices.length)]!;
  return [name, ...[...shape].map(any)];
}

const isUnordered = (name: string) => /^(SMEMBERS|SDIFF|SINTER|SUNION|SPOP|SRANDMEMBER)$/.test(name);
const givesScores = (name: string) => /^Z(INCRBY|SCORE|RANGE|POPMIN|POPMAX)$/.test(name);

/** What has to be the same: members of sets in any order, scores as numbers, times roughly. */
function comparable([name = ""]: readonly string[], answer: Answer): unknown {
  if (isUnordered(name) && Array.isArray(answer)) return answer.map(String).sort();
  if (name === "HGETALL" && Array.isArray(answer))
    return answer.flatMap((field, index) => (index % 2 === 0 ? [[String(field), answer[index + 1]]] : [])).sort();
  if (givesScores(name)) return [answer].flat().map((part) => numeric(part));
  if (name === "PTTL" || name === "TTL") return Number(answer) > 0 ? "some" : answer;
  return answer;
}

function numeric(part: Answer): unknown {
  return typeof part === "string" && /^-?\d/.test(part) && Number.isFinite(Number(part)) ? Number(part) : part;
}

/** What a key holds, as far as it matters here. */
interface Held {
  readonly size: Answer;
  readonly text: Answer;
  readonly field: Answer;
}

/**
 * What need not be the same: which member of several is taken out at random, and sums of fractions with more digits than a double has,
 * where Redis itself counts differently on each kind of processor.
 */
function isFree([name, , count]: readonly string[], { size, text, field }: Held): boolean {
  if (name === "SPOP" || name === "SRANDMEMBER") return count === undefined && Number(size) > 1;
  const digits = String(name === "INCRBYFLOAT" ? text : field).length;
  return (name === "INCRBYFLOAT" || name === "HINCRBYFLOAT") && digits > 15;
}

test("both give the same answers to the same commands", { skip: withoutRedis }, async (t) => {
  const servers = [await developmentServer(), await realRedis()];
  const clients = await Promise.all(servers.map(({ server }) => RespClient.open(server)));
  t.after(async () => {
    for (const client of clients) client.close();
    for (const server of servers) await server.stop();
  });
  for (const seed of [...found, ...Array.from({ length: seeds }, (_, index) => index)]) {
    const random = randomOf(seed);
    const keys = ["a", "b", "c", "d"].map((name) => `${seed}/${name}`);
    for (let n = 0; n < commandsOfSeed; n++) {
      const command = commandOf(random, keys);
      const [, key = "", field = ""] = command;
      const [size, text, value] = await clients[1]!.ask([
        ["SCARD", key],
        ["GET", key],
        ["HGET", key, field],
      ]);
      if (isFree(command, { size: size!, text: text!, field: value! })) continue;
      const answers = await Promise.all(clients.map(async (client) => (await client.ask([command]))[0]!));
      const [ours, theirs] = answers.map((answer) => comparable(command, answer));
      assert.deepEqual(ours, theirs, `seed ${seed}, command ${n}: ${JSON.stringify(command)}`);
    }
  }
});
