// Commands on texts and numbers.
import {
  bigIntegerOf,
  type CommandContext,
  CommandError,
  type Commands,
  inRange,
  integerOf,
  invalidExpiry,
  notAFloat,
  sliceOf,
  syntaxError,
  textAt,
} from "./command-context.ts";
import { decimalSum } from "./decimal-sum.ts";
import { ok, type Reply } from "./resp.ts";

const longestText = 512 * 1024 * 1024;

export const textCommands: Commands = {
  GET: { least: 1, most: 1, run: (context, [key]) => textAt(context, key!) ?? null },
  SET: { least: 2, grows: true, run: set },
  GETDEL: {
    least: 1,
    most: 1,
    run: (context, [key]) => {
      const value = textAt(context, key!) ?? null;
      context.entries.delete(key!);
      return value;
    },
  },
  MGET: {
    least: 1,
    run: ({ entries }, keys) =>
      keys.map((key) => {
        const value = entries.get(key);
        return typeof value === "string" ? value : null;
      }),
  },
  APPEND: {
    least: 2,
    most: 2,
    grows: true,
    run: (context, [key, text]) => {
      const value = (textAt(context, key!) ?? "") + text;
      context.entries.set(key!, value);
      return value.length;
    },
  },
  STRLEN: { least: 1, most: 1, run: (context, [key]) => textAt(context, key!)?.length ?? 0 },
  GETRANGE: {
    least: 3,
    most: 3,
    run: (context, [key, start, end]) => {
      const [first, last] = [integerOf(start!), integerOf(end!)];
      const isCrossed = first < 0 && last < 0 && first > last;
      const value = textAt(context, key!) ?? "";
      const [from, to] = sliceOf(start!, end!, value.length);
      // Redis takes an end before the beginning for the first byte, unless both are counted from the end and cross.
      return isCrossed ? "" : value.slice(from, Math.max(from, to, last < 0 ? 1 : 0));
    },
  },
  SETRANGE: { least: 3, most: 3, grows: true, run: setRange },
  INCRBY: { least: 2, most: 2, grows: true, run: (context, [key, by]) => count(context, key!, bigIntegerOf(by!)) },
  DECRBY: { least: 2, most: 2, grows: true, run: (context, [key, by]) => count(context, key!, -bigIntegerOf(by!)) },
  INCRBYFLOAT: { least: 2, most: 2, grows: true, run: countFloat },
};

interface SetOptions {
  condition?: "NX" | "XX";
  returnsOld: boolean;
  keepsExpiry: boolean;
  expiresAt: number | undefined;
}

function set(context: CommandContext, [key, value, ...words]: string[]): Reply {
  const { condition, returnsOld, keepsExpiry, expiresAt } = setOptions(context, words);
  const { entries } = context;
  const old = returnsOld ? (textAt(context, key!) ?? null) : null;
  const isThere = entries.has(key!);
  if (condition !== undefined && isThere !== (condition === "XX")) return returnsOld ? old : null;
  entries.set(key!, value!);
  if (!keepsExpiry) entries.setExpiry(key!, expiresAt);
  return returnsOld ? old : ok;
}

function setOptions({ now }: CommandContext, words: readonly string[]): SetOptions {
  const options: SetOptions = { returnsOld: false, keepsExpiry: false, expiresAt: undefined };
  let expiry: { readonly unit: string; readonly amount: string } | undefined;
  for (let index = 0; index < words.length; index++) {
    const word = words[index]!.toUpperCase();
    const isUnit = word === "PX" || word === "EX";
    if ((word === "NX" || word === "XX") && (options.condition ?? word) === word) options.condition = word;
    else if (word === "GET") options.returnsOld = true;
    else if (word === "KEEPTTL" && expiry === undefined) options.keepsExpiry = true;
    else if (isUnit && !options.keepsExpiry && (expiry?.unit ?? word) === word && index + 1 < words.length)
      expiry = { unit: word, amount: words[++index]! };
    else throw new CommandError(syntaxError);
  }
  if (expiry === undefined) return options;
  const amount = integerOf(expiry.amount);
  if (amount <= 0) throw invalidExpiry("set");
  return { ...options, expiresAt: now() + amount * (expiry.unit === "EX" ? 1000 : 1) };
}

function setRange(context: CommandContext, [key, offset, text]: string[]): Reply {
  const at = integerOf(offset!);
  if (at < 0) throw new CommandError("ERR offset is out of range");
  const value = textAt(context, key!) ?? "";
  if (text === "") return value.length;
  if (at + text!.length > longestText)
    throw new CommandError("ERR string exceeds maximum allowed size (proto-max-bulk-len)");
  const next = value.slice(0, at).padEnd(at, "\0") + text + value.slice(at + text!.length);
  context.entries.set(key!, next);
  return next.length;
}

function count(context: CommandContext, key: string, by: bigint): Reply {
  const next = inRange(bigIntegerOf(textAt(context, key) ?? "0") + by, "ERR increment or decrement would overflow");
  context.entries.set(key, next.toString());
  return next;
}

function countFloat(context: CommandContext, [key, by]: string[]): Reply {
  const next = decimalSum(textAt(context, key!) ?? "0", by!);
  if (next === null) throw new CommandError(notAFloat);
  context.entries.set(key!, next);
  return next;
}
