// Reading declared names from a public request: where the texts of a path, query or header field are, and what they say.
import type { Issue, IssueCode } from "@tenon/model";
import { fail, pathSegment, under } from "./issues.ts";
import { isObject, own } from "./objects.ts";
import type { Found } from "./query.ts";

/** A field that travels as text. */
export interface TextField {
  /** The start of its path in issues. */
  readonly path: string;
  /** For messages: `query parameter "limit"`. */
  readonly subject: string;
  /** What text that says no value is: the code, and "a number" for "must be a number". */
  readonly code: IssueCode;
  readonly expected: string;
  /** Whether messages may repeat the text. Headers carry credentials. */
  readonly quoted: boolean;
  /** undefined: the text says no such value. */
  read(text: string): unknown;
}

type Texts = readonly string[] | undefined;

/** A header that holds a list: its values, with and without commas between (RFC 9110, 5.6.1). */
export function headerListTexts(text: string | undefined): Texts {
  if (text === undefined) return undefined;
  return text
    .split(",")
    .map((item) => item.trim())
    .filter((item) => item !== "");
}

/** undefined when absent. */
// hot: guarded by bench/codecs
export function readOptional(field: TextField, found: Found, issues: Issue[]): unknown {
  if (typeof found === "string") return readText(field, found, "", issues);
  if (found !== undefined)
    fail(issues, field.path, "duplicate_key", `${field.subject} must be given once, got it ${found} times`);
  return undefined;
}

// hot: guarded by bench/codecs
export function readRequired(field: TextField, found: Found, issues: Issue[]): unknown {
  if (found === undefined) fail(issues, field.path, "required", `${field.subject} is required`);
  return readOptional(field, found, issues);
}

/** A name that is absent is an empty list: a query has no other way to say so. */
export function readList(field: TextField, texts: Texts, issues: Issue[]): unknown[] {
  return (texts ?? []).map((text, index) => readText(field, text, `[${index}]`, issues));
}

export function readSet(field: TextField, texts: Texts, issues: Issue[]): Set<unknown> {
  const result = new Set<unknown>();
  for (const [index, item] of readList(field, texts, issues).entries()) {
    if (item !== undefined && result.has(item)) {
      fail(issues, `${field.path}[${index}]`, "duplicate_key", `${field.subject} must not repeat a value`);
    }
    result.add(item);
  }
  return result;
}

/** `T | T[]`: one text that says a T is a T. */
export function readOneOrList(one: TextField, items: TextField, texts: Texts, issues: Issue[]): unknown {
  const value = texts?.length === 1 ? one.read(texts[0]!) : undefined;
  return value === undefined ? readList(items, texts, issues) : value;
}

/** Fields that are not scalars travel as JSON text. */
export function readJson(
  field: TextField,
  read: typeof readRequired,
  decode: (wire: unknown, issues: Issue[]) => unknown,
  found: Found,
  issues: Issue[],
): unknown {
  const wire = read(field, found, issues);
  if (wire === undefined) return undefined;
  const before = issues.length;
  const result = decode(wire, issues);
  if (issues.length !== before) under(issues, before, field.path);
  return result;
}

/** undefined when the text is not JSON. */
export function jsonFromText(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function readText(field: TextField, text: string, suffix: string, issues: Issue[]): unknown {
  const value = field.read(text);
  if (value === undefined) {
    const got = field.quoted ? `, got ${shorten(text)}` : "";
    fail(issues, field.path + suffix, field.code, `${field.subject} must be ${field.expected}${got}`);
  }
  return value;
}

function shorten(text: string): string {
  const characters = Array.from(text.slice(0, 100));
  return JSON.stringify(characters.length > 40 ? `${characters.slice(0, 40).join("")}…` : text);
}

const headerText = /^[\t\x20-\x7e\x80-\xff]*$/;

/** Response fields that travel as headers must be writable as such (RFC 9110, 5.5), in every topology. Returns the response. */
export function checkHeaders(response: unknown, properties: readonly string[], issues: Issue[]): unknown {
  if (!isObject(response)) return response;
  for (const property of properties) {
    const value = own(response, property);
    if (typeof value === "string" && !headerText.test(value)) {
      fail(issues, pathSegment(property), "invalid_format", "must be text for an HTTP header: one line, Latin letters");
    }
  }
  return response;
}

/** Moves the status out of an encoded response: the first of the properties that has one. */
export function takeStatus(wire: Record<string, unknown>, properties: readonly string[]): number | undefined {
  let status: number | undefined;
  for (const property of properties) {
    const value = Object.hasOwn(wire, property) ? wire[property] : undefined;
    delete wire[property];
    // In an app with loose responses it can be anything.
    if (Number.isInteger(value) && (value as number) >= 200 && (value as number) <= 599) status ??= value as number;
  }
  return status;
}

/** Moves a field of an encoded response into the headers. */
export function takeHeader(
  wire: Record<string, unknown>,
  property: string,
  headers: Record<string, string>,
  name: string,
): void {
  const value = Object.hasOwn(wire, property) ? wire[property] : undefined;
  delete wire[property];
  if (value === undefined || value === null) return;
  headers[name] = Array.isArray(value) ? value.join(", ") : String(value);
}
