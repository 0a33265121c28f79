// The query of a request, read by name, as URLSearchParams reads it. A short query without "%" and "+" is its own text and is searched for
// the names that a type mentions; any other is taken apart by URLSearchParams itself.
import type { Issue } from "@tenon/model";
import { fail, pathSegment } from "./issues.ts";

/** Text stands for itself: see `openQuery`. */
export type Query = string | ReadonlyMap<string, readonly string[]>;

/** What a request has under a name: its text, undefined for none, or how many texts where it is more than one. */
export type Found = string | number | undefined;

/** What means something else than itself: escapes, spaces, and halves of pairs, which become replacement characters. */
const special = /[%+\ud800-\udfff]/;

/** Each name of the type is one more search through the text: a long one, made to be searched for long, is taken apart instead. */
const SEARCHED_CHARACTERS = 1024;

/** For `queryText` and `queryTexts`. */
// hot: guarded by bench/codecs
export function openQuery(query: string): Query {
  if (query.length > SEARCHED_CHARACTERS || special.test(query)) return parseQuery(query);
  // URLSearchParams takes "?" at the start for the one that a URL has in front of its query.
  return query.charCodeAt(0) === QUESTION_MARK ? parseQuery(query) : query;
}

/** All values by name, in order, percent-decoded, "+" as a space. */
export function parseQuery(query: string): Map<string, string[]> {
  const values = new Map<string, string[]>();
  if (query === "") return values;
  for (const [name, value] of new URLSearchParams(query)) {
    const texts = values.get(name);
    if (texts === undefined) values.set(name, [value]);
    else texts.push(value);
  }
  return values;
}

/** `name` is printable ASCII, at least one character, without "%", "&", "+" and "=": any other takes `parseQuery`. */
export function queryText(query: Query, name: string): Found {
  if (typeof query !== "string") {
    const texts = query.get(name);
    return texts === undefined || texts.length === 1 ? texts?.[0] : texts.length;
  }
  const at = endOfName(query, name, 0);
  if (at < 0) return undefined;
  const again = endOfName(query, name, at);
  return again < 0 ? valueAt(query, at) : queryTexts(query, name)!.length;
}

/** All texts under a name, in order; undefined for none. */
export function queryTexts(query: Query, name: string): readonly string[] | undefined {
  if (typeof query !== "string") return query.get(name);
  let at = endOfName(query, name, 0);
  if (at < 0) return undefined;
  const texts: string[] = [];
  for (; at >= 0; at = endOfName(query, name, at)) texts.push(valueAt(query, at));
  return texts;
}

const QUESTION_MARK = 63;
const AND = 38;
const EQUALS = 61;

/** Where the next whole `name` from `from` on ends; -1: there is none. */
function endOfName(query: string, name: string, from: number): number {
  for (let start = query.indexOf(name, from); start >= 0; start = query.indexOf(name, start + 1)) {
    if (start > 0 && query.charCodeAt(start - 1) !== AND) continue;
    const end = start + name.length;
    if (end === query.length) return end;
    const next = query.charCodeAt(end);
    if (next === EQUALS || next === AND) return end;
  }
  return -1;
}

/** The value of the name that ends there: without "=" it is empty. */
function valueAt(query: string, end: number): string {
  if (query.charCodeAt(end) !== EQUALS) return "";
  const and = query.indexOf("&", end + 1);
  return and < 0 ? query.slice(end + 1) : query.slice(end + 1, and);
}

/** A strict endpoint's query has no names that the request type lacks. */
export function refuseUnknown(query: ReadonlyMap<string, unknown>, known: readonly string[], issues: Issue[]): void {
  for (const name of query.keys()) {
    if (known.includes(name)) continue;
    fail(issues, pathSegment(name), "unknown_field", `query parameter ${JSON.stringify(name)} is not known here`);
  }
}
