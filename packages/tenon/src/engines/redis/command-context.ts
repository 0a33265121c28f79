// What the commands share: the entries they work on, typed access to values, and the errors that clients know from Redis.
import type { Entries, Value } from "./entries.ts";
import { Scores } from "./scores.ts";
import type { Reply } from "./resp.ts";

export interface CommandContext {
  readonly entries: Entries;
  /** Epoch milliseconds. */
  readonly now: () => number;
}

export interface CommandDefinition {
  /** Arguments at least and at most. */
  readonly least: number;
  readonly most?: number;
  /** Can make the memory grow: refused when it is full and nothing may go. */
  readonly grows?: true;
  readonly run: (context: CommandContext, args: string[]) => Reply;
}

export type Commands = Readonly<Record<string, CommandDefinition>>;

/** Becomes an error reply with this text. */
export class CommandError extends Error {}

export const wrongType = "WRONGTYPE Operation against a key holding the wrong kind of value";
export const notAnInteger = "ERR value is not an integer or out of range";
export const notAFloat = "ERR value is not a valid float";
export const syntaxError = "ERR syntax error";

export function textAt({ entries }: CommandContext, key: string): string | undefined {
  const value = entries.get(key);
  if (value === undefined || typeof value === "string") return value;
  throw new CommandError(wrongType);
}

/** A copy is not made: whoever changes it has to `set` it. */
export function listAt({ entries }: CommandContext, key: string): string[] | undefined {
  const value: Value | undefined = entries.get(key);
  if (value === undefined || Array.isArray(value)) return value;
  throw new CommandError(wrongType);
}

/** A copy is not made: whoever changes it has to `set` it. */
export function setAt({ entries }: CommandContext, key: string): Set<string> | undefined {
  const value = entries.get(key);
  if (value === undefined || value instanceof Set) return value;
  throw new CommandError(wrongType);
}

/** A copy is not made: whoever changes it has to `set` it. */
export function scoresAt({ entries }: CommandContext, key: string): Scores | undefined {
  const value = entries.get(key);
  if (value === undefined || value instanceof Scores) return value;
  throw new CommandError(wrongType);
}

/** A copy is not made: whoever changes it has to `set` it. */
export function hashAt({ entries }: CommandContext, key: string): Map<string, string> | undefined {
  const value = entries.get(key);
  if (value === undefined) return undefined;
  if (value instanceof Map && !(value instanceof Scores)) return value as Map<string, string>;
  throw new CommandError(wrongType);
}

const largestInteger = 2n ** 63n - 1n;

/** 64 bits, as the server has it. */
export function bigIntegerOf(text: string, otherwise = notAnInteger): bigint {
  if (!/^-?\d{1,19}$/.test(text)) throw new CommandError(otherwise);
  return inRange(BigInt(text), otherwise);
}

export function inRange(value: bigint, otherwise: string): bigint {
  if (value > largestInteger || value < -largestInteger - 1n) throw new CommandError(otherwise);
  return value;
}

export function integerOf(text: string): number {
  return Number(bigIntegerOf(text));
}

/** Of the expiry of a command. */
export function invalidExpiry(command: string): CommandError {
  return new CommandError(`ERR invalid expire time in '${command}' command`);
}

/** Positions from `start` to `stop`, both included and negative ones from the end, as a half-open range. */
export function sliceOf(start: string, stop: string, length: number): [number, number] {
  const from = integerOf(start);
  const to = integerOf(stop);
  return [from < 0 ? Math.max(0, length + from) : from, to < 0 ? length + to + 1 : Math.min(to + 1, length)];
}
