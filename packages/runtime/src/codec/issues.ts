// How generated codecs say what is wrong. Paths are relative to the value at hand; whoever holds the value puts its own segment in
// front, but only after something went wrong, so that a valid value costs no path at all.
import type { Issue, IssueCode } from "@tenon/model";
import { Decimal } from "./decimal.ts";

/** Enough for any form; keeps a hostile body of a million wrong items from becoming an answer of a hundred megabytes. */
export const maxIssues = 1000;

/** Adds an issue with a finished message; returns how many there are now. */
export function fail(issues: Issue[], path: string, code: IssueCode, message: string): number {
  if (issues.length < maxIssues) issues.push({ path, code, message });
  return issues.length;
}

/** Adds what a value that is not `expected` deserves: `required` when there is none, else `code`. */
export function refuse(issues: Issue[], path: string, code: IssueCode, expected: string, value: unknown): number {
  if (value === undefined) return fail(issues, path, "required", "is required");
  const got = code === "invalid_type" || code === "invalid_union" ? `, got ${kindOf(value)}` : "";
  return fail(issues, path, code, `must be ${expected}${got}`);
}

/** Like `refuse` where a number is among what is expected: NaN and the infinities have a code of their own. */
export function refuseNumber(issues: Issue[], path: string, code: IssueCode, expected: string, value: unknown): number {
  if (typeof value === "number" && !Number.isFinite(value)) {
    return fail(issues, path, "not_finite", `must be a finite number, got ${value}`);
  }
  return refuse(issues, path, code, expected, value);
}

/** Puts `segment` in front of the paths of all issues from `from` on; returns how many issues there are. */
export function under(issues: Issue[], from: number, segment: string): number {
  for (let index = from; index < issues.length; index++) {
    const { path, code, message } = issues[index]!;
    issues[index] = { path: joinPath(segment, path), code, message };
  }
  return issues.length;
}

/** Moves the issues from `from` to `to` behind all others. */
export function putLast(issues: Issue[], from: number, to: number): void {
  issues.push(...issues.splice(from, to - from));
}

/** `under` for the item of a list. */
export function underIndex(issues: Issue[], from: number, index: number): number {
  return under(issues, from, `[${index}]`);
}

/** `under` for a key that is only known at run time. */
export function underKey(issues: Issue[], from: number, key: string): number {
  return under(issues, from, pathSegment(key));
}

const identifier = /^[\p{ID_Start}$_][\p{ID_Continue}$]*$/u;

/** How a property is written at the start of a path: `name`, or `["a-b"]` when it is no identifier. */
export function pathSegment(key: string): string {
  return identifier.test(key) ? key : `[${JSON.stringify(key)}]`;
}

function joinPath(segment: string, path: string): string {
  if (path === "") return segment;
  return path.startsWith("[") ? segment + path : `${segment}.${path}`;
}

/** What a value is, for people: "a string", "null", "an array". */
export function kindOf(value: unknown): string {
  if (value === null) return "null";
  if (Array.isArray(value)) return "an array";
  switch (typeof value) {
    case "undefined":
      return "nothing";
    case "object":
      return kindOfObject(value);
    case "number":
      return Number.isFinite(value) ? "a number" : String(value);
    default:
      return `a ${typeof value}`;
  }
}

function kindOfObject(value: object): string {
  for (const type of [Date, Decimal, Map, Set, Uint8Array, URL]) {
    if (value instanceof type) return `a ${type.name}`;
  }
  return "an object";
}
