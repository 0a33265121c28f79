// How infra.json is read: what is wrong with a value is noted, all of it, and something of the right kind given in its place, so that the
// rest is looked at too.
import { readFileSync } from "node:fs";
import { resolve } from "node:path";

export type Settings = Record<string, unknown>;

/** In place of a text that could not be had; `isKnown` tells it from others. */
const UNKNOWN = "\0";

/** What stands for a text: {"$env": "VARIABLE"}, {"$file": "path"}, {"$secret": "name", "key": "field of a JSON object"}. */
export type Reference =
  | { readonly $env: string }
  | { readonly $file: string }
  | { readonly $secret: string; readonly key?: string };

export interface InfraSources {
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** Where relative paths of the file begin. */
  readonly folder: string;
  /** The text, or what is wrong, of each `$secret` in the file. */
  readonly secrets: ReadonlyMap<string, string | Error>;
  /** Only the shape of the file is of interest: references count as good, whatever they lead to. */
  readonly withoutValues?: boolean;
}

export class InfraValues {
  readonly problems: string[] = [];
  /** What is accepted, but means less than it seems to. */
  readonly notices: string[] = [];
  /** Which keys were asked for where; a test compares them with the JSON Schema. */
  readonly known = new Map<string, Set<string>>();
  readonly folder: string;
  readonly #sources: InfraSources;

  constructor(sources: InfraSources) {
    this.folder = sources.folder;
    this.#sources = sources;
  }

  get isWithoutValues(): boolean {
    return this.#sources.withoutValues === true;
  }

  object(value: unknown, at: string): Settings {
    if (isObject(value)) return value;
    this.problems.push(`${at} must be an object, got ${kindOf(value)}`);
    return {};
  }

  array(value: unknown, at: string): readonly unknown[] {
    if (Array.isArray(value)) return value;
    this.problems.push(`${at} must be an array, got ${kindOf(value)}`);
    return [];
  }

  /** Refuses other keys. */
  only(object: Settings, keys: readonly string[], at: string): void {
    const known = this.known.get(at) ?? new Set();
    for (const key of keys) known.add(key);
    this.known.set(at, known);
    for (const key of Object.keys(object)) {
      if (keys.includes(key)) continue;
      const near = keys.find((other) => isNear(key, other));
      const hint = near === undefined ? "" : `; did you mean "${near}"?`;
      const where = at === "" ? `"${key}"` : `${at}.${key}`;
      this.problems.push(`${where} is not supported by this version of Tenon${hint}`);
    }
  }

  text(value: unknown, at: string): string {
    if (typeof value === "string") return value;
    const reference = asReference(value);
    if (reference !== undefined) return this.#resolve(reference, at);
    const forms = '{"$env": "VARIABLE"}, {"$file": "PATH"} or {"$secret": "NAME"}';
    this.problems.push(
      `${at} must be a string, ${forms}${value === undefined ? "; it is missing" : `, got ${kindOf(value)}`}`,
    );
    return UNKNOWN;
  }

  /** Whether a text that was read is one, and not what stands for one that could not be had. */
  isKnown(text: string): boolean {
    return text !== UNKNOWN;
  }

  /** A string that is part of the file's shape: a name, a word. undefined: something else, which is told. */
  word<Word extends string>(value: unknown, words: readonly Word[], at: string): Word | undefined {
    const word = words.find((one) => one === value);
    if (word === undefined) {
      const list = words.map((one) => `"${one}"`).join(", ");
      this.problems.push(`${at} must be one of ${list}, got ${JSON.stringify(value) ?? "nothing"}`);
    }
    return word;
  }

  names(value: unknown, at: string): readonly string[] {
    const items = this.array(value, at);
    const wrong = items.findIndex((item) => typeof item !== "string");
    if (wrong !== -1) this.problems.push(`${at}[${wrong}] must be a string, got ${kindOf(items[wrong])}`);
    return items.filter((item) => typeof item === "string");
  }

  flag(value: unknown, at: string): boolean {
    if (value !== undefined && typeof value !== "boolean")
      this.problems.push(`${at} must be true or false, got ${kindOf(value)}`);
    return value === true;
  }

  /** undefined: there is none, or it is wrong, which is told. */
  count(value: unknown, minimum: number, at: string): number | undefined {
    if (value === undefined) return undefined;
    if (typeof value === "number" && Number.isSafeInteger(value) && value >= minimum) return value;
    this.problems.push(`${at} must be a whole number of at least ${minimum}, got ${JSON.stringify(value)}`);
    return undefined;
  }

  /** Numbers of seconds, also fractions. */
  seconds(value: unknown, at: string): number | undefined {
    if (value === undefined) return undefined;
    if (typeof value === "number" && value >= 0) return value;
    this.problems.push(`${at} must be a number of seconds, got ${JSON.stringify(value)}`);
    return undefined;
  }

  #resolve(reference: Reference, at: string): string {
    if (this.isWithoutValues) return UNKNOWN;
    if ("$env" in reference) {
      const text = this.#sources.environment[reference.$env];
      if (text !== undefined) return text;
      this.problems.push(`${at}: the environment variable ${reference.$env} is not set`);
      return UNKNOWN;
    }
    return "$file" in reference ? this.#fileText(reference.$file, at) : this.#secretText(reference, at);
  }

  /** One line end at the end of the file is not part of the value. */
  #fileText(path: string, at: string): string {
    try {
      return readFileSync(resolve(this.folder, path), "utf8").replace(/\r?\n$/, "");
    } catch (error) {
      this.problems.push(`${at}: ${(error as Error).message}`);
      return UNKNOWN;
    }
  }

  #secretText({ $secret: name, key }: { readonly $secret: string; readonly key?: string }, at: string): string {
    const found = this.#sources.secrets.get(name);
    const text = typeof found === "string" && key !== undefined ? fieldOf(found, key) : found;
    if (typeof text === "string") return text;
    const reason = text?.message ?? 'there is no "secret_store" in the file';
    this.problems.push(`${at}: the secret "${name}" can't be read: ${reason}`);
    return UNKNOWN;
  }
}

export function isObject(value: unknown): value is Settings {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

export function asReference(value: unknown): Reference | undefined {
  if (!isObject(value)) return undefined;
  const { $env, $file, $secret, key, ...others } = value;
  if (Object.keys(others).length > 0) return undefined;
  const kinds = [$env, $file, $secret].filter((one) => one !== undefined);
  if (kinds.length !== 1 || typeof kinds[0] !== "string") return undefined;
  if (typeof $env === "string" && key === undefined) return { $env };
  if (typeof $file === "string" && key === undefined) return { $file };
  if (typeof $secret !== "string" || (key !== undefined && typeof key !== "string")) return undefined;
  return { $secret, ...(key === undefined ? {} : { key }) };
}

function fieldOf(text: string, key: string): string | Error {
  let content: unknown;
  try {
    content = JSON.parse(text);
  } catch {
    return new Error(`it is no JSON object, so it has no "${key}"`);
  }
  const field = isObject(content) ? content[key] : undefined;
  if (typeof field === "string" || typeof field === "number") return String(field);
  return new Error(`its JSON has no text "${key}"`);
}

function kindOf(value: unknown): string {
  if (value === null) return "null";
  if (Array.isArray(value)) return "an array";
  if (value === undefined) return "nothing";
  return typeof value === "object" ? "an object" : `a ${typeof value}`;
}

/** A slip of the hand: one letter more, less or other, or two that changed places. */
function isNear(key: string, other: string): boolean {
  const [short, long] = key.length < other.length ? [key, other] : [other, key];
  if (long.length - short.length > 1 || long.length < 4) return false;
  let start = 0;
  while (start < short.length && short[start] === long[start]) start++;
  let end = 0;
  while (end < short.length - start && short.at(-1 - end) === long.at(-1 - end)) end++;
  const [shortRest, longRest] = [short.slice(start, short.length - end), long.slice(start, long.length - end)];
  if (longRest.length <= 1) return true;
  return shortRest.length === 2 && longRest === `${shortRest[1]}${shortRest[0]}`;
}
