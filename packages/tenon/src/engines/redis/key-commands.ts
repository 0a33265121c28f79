// Commands on keys of any kind, and those for people who look into the cache.
import { type CommandContext, type Commands, integerOf, invalidExpiry } from "./command-context.ts";
import { ok, type Reply, Status } from "./resp.ts";
import { Scores } from "./scores.ts";

export const keyCommands: Commands = {
  DEL: { least: 1, run: ({ entries }, keys) => keys.filter((key) => entries.delete(key)).length },
  EXISTS: { least: 1, run: ({ entries }, keys) => keys.filter((key) => entries.has(key)).length },
  PEXPIRE: { least: 2, most: 2, run: (context, [key, ttl]) => expire(context, "pexpire", key!, integerOf(ttl!)) },
  EXPIRE: { least: 2, most: 2, run: (context, [key, ttl]) => expire(context, "expire", key!, integerOf(ttl!) * 1000) },
  PERSIST: {
    least: 1,
    most: 1,
    run: ({ entries }, [key]) => {
      if (entries.expiresAt(key!) === undefined) return 0;
      entries.setExpiry(key!, undefined);
      return 1;
    },
  },
  PTTL: { least: 1, most: 1, run: (context, [key]) => timeLeft(context, key!) },
  TTL: {
    least: 1,
    most: 1,
    run: (context, [key]) => {
      const leftMs = timeLeft(context, key!);
      return leftMs < 0 ? leftMs : Math.round(leftMs / 1000);
    },
  },
  TYPE: { least: 1, most: 1, run: type },
  KEYS: { least: 1, most: 1, run: ({ entries }, [pattern]) => entries.keys().filter(matcher(pattern!)) },
  SCAN: { least: 1, run: scan },
  DBSIZE: { least: 0, most: 0, run: ({ entries }) => entries.count },
  FLUSHDB: {
    least: 0,
    run: ({ entries }) => {
      entries.clear();
      return ok;
    },
  },
  TIME: {
    least: 0,
    most: 0,
    run: ({ now }) => [String(Math.floor(now() / 1000)), String(Math.floor((now() % 1000) * 1000))],
  },
};

function expire({ entries, now }: CommandContext, command: string, key: string, ttlMs: number): Reply {
  if (Math.abs(now() + ttlMs) > 2 ** 63) throw invalidExpiry(command);
  return entries.setExpiry(key, now() + ttlMs) ? 1 : 0;
}

/** -2: there is no such key; -1: it does not expire. */
function timeLeft({ entries, now }: CommandContext, key: string): number {
  if (!entries.has(key)) return -2;
  const expiresAt = entries.expiresAt(key);
  return expiresAt === undefined ? -1 : Math.max(0, Math.ceil(expiresAt - now()));
}

function type({ entries }: CommandContext, [key]: string[]): Reply {
  const value = entries.get(key!);
  if (value === undefined) return new Status("none");
  if (typeof value === "string") return new Status("string");
  if (Array.isArray(value)) return new Status("list");
  if (value instanceof Scores) return new Status("zset");
  return new Status(value instanceof Set ? "set" : "hash");
}

/** All in one answer: the cursor is 0 then. */
function scan({ entries }: CommandContext, [, ...words]: string[]): Reply {
  const at = words.findIndex((word) => word.toUpperCase() === "MATCH");
  return ["0", entries.keys().filter(matcher(at < 0 ? "*" : (words[at + 1] ?? "*")))];
}

/** `*` is any text and `?` any character. */
function matcher(pattern: string): (key: string) => boolean {
  const source = pattern
    .replaceAll(/[.+^${}()|[\]\\]/g, "\\$&")
    .replaceAll("*", "[^]*")
    .replaceAll("?", "[^]");
  const expression = new RegExp(`^${source}$`);
  return (key) => expression.test(key);
}
