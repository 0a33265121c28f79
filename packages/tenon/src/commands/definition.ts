// What a verb of the `tenon` command is: its options, its help and what it does.

export interface Command {
  readonly name: string;
  /** One line for the overview. */
  readonly summary: string;
  /** Names of positional arguments, in order, all optional; one that ends with "..." may be given any number of times. */
  readonly positionals: readonly string[];
  /** What arguments after `--` are called; absent for commands that take none. */
  readonly rest?: string;
  readonly options: Readonly<Record<string, CommandOption>>;
  /** Resolves with the exit code. */
  run(input: CommandInput): Promise<number>;
}

export interface CommandOption {
  readonly type: "string" | "boolean";
  /** One letter: "-o". */
  readonly short?: string;
  readonly summary: string;
  /** How the value is shown in the help: "PORT". */
  readonly value?: string;
}

export interface CommandInput {
  readonly values: Readonly<Record<string, string | boolean | (string | boolean)[] | undefined>>;
  readonly positionals: readonly string[];
  /** Arguments after `--`. */
  readonly rest: readonly string[];
}

/** The command line is wrong: exit 2. */
export class UsageError extends Error {}

/** The app, its files or the request is wrong in a way the user can fix: exit 1. */
export class CommandError extends Error {
  readonly code: string;
  readonly hint: string | undefined;

  constructor(code: string, message: string, hint?: string) {
    super(message);
    this.code = code;
    this.hint = hint;
  }
}

export function stringOption(input: CommandInput, name: string): string | undefined {
  const value = input.values[name];
  return typeof value === "string" ? value : undefined;
}

export function booleanOption(input: CommandInput, name: string): boolean {
  return input.values[name] === true;
}

/** A TCP port; 0 lets the system choose. */
export function portOption(input: CommandInput, name: string, fallback: number): number {
  const text = stringOption(input, name);
  if (text === undefined) return fallback;
  const port = /^\d{1,5}$/.test(text) ? Number(text) : Number.NaN;
  if (!(port <= 65_535)) throw new UsageError(`--${name} must be a port from 0 to 65535, got "${text}"`);
  return port;
}

/** A whole number from `minimum` on. */
export function integerOption(input: CommandInput, name: string, minimum: number): number | undefined {
  const text = stringOption(input, name);
  if (text === undefined) return undefined;
  const value = /^\d{1,9}$/.test(text) ? Number(text) : Number.NaN;
  if (!(value >= minimum)) throw new UsageError(`--${name} must be a whole number from ${minimum} on, got "${text}"`);
  return value;
}

/** "a,b" -> ["a", "b"]. */
export function listOption(input: CommandInput, name: string): string[] | undefined {
  const text = stringOption(input, name);
  if (text === undefined) return undefined;
  const items = text.split(",").map((item) => item.trim());
  if (items.some((item) => item === ""))
    throw new UsageError(`--${name} must be names separated by commas, got "${text}"`);
  return items;
}
