// What the conditions of a request mean for a file, in the order of RFC 9110, 13.2.2.
import { headerOf, type RequestHeaders } from "../call/exchange.ts";

export interface Validators {
  /** Strong: `"..."`. */
  readonly etag: string;
  /** 0: not known, as in images, where every file is from 1970. A date says nothing of such a file. */
  readonly modifiedMs: number;
}

/** "changed": 412; "same": 304. */
export function checkPreconditions(headers: RequestHeaders, validators: Validators): "changed" | "same" | "serve" {
  const { etag, modifiedMs } = validators;
  const ifMatch = headerOf(headers, "if-match");
  if (ifMatch !== undefined) {
    if (!lists(ifMatch, etag, "strong")) return "changed";
  } else {
    const limit = dateOf(headerOf(headers, "if-unmodified-since"));
    if (limit !== null && modifiedMs !== 0 && wholeSeconds(modifiedMs) > limit) return "changed";
  }
  const ifNoneMatch = headerOf(headers, "if-none-match");
  if (ifNoneMatch !== undefined) return lists(ifNoneMatch, etag, "weak") ? "same" : "serve";
  const since = dateOf(headerOf(headers, "if-modified-since"));
  return since !== null && modifiedMs !== 0 && wholeSeconds(modifiedMs) <= since ? "same" : "serve";
}

/** Whether a range may be given out of what the client has part of already. */
export function rangeStillHolds(headers: RequestHeaders, { etag, modifiedMs }: Validators): boolean {
  const ifRange = headerOf(headers, "if-range");
  if (ifRange === undefined) return true;
  if (ifRange.includes('"')) return ifRange.trim() === etag;
  return modifiedMs !== 0 && dateOf(ifRange) === wholeSeconds(modifiedMs);
}

/** HTTP dates have no fractions of seconds. */
function wholeSeconds(timeMs: number): number {
  return Math.floor(timeMs / 1000) * 1000;
}

function dateOf(text: string | undefined): number | null {
  const timeMs = text === undefined ? Number.NaN : Date.parse(text);
  return Number.isNaN(timeMs) ? null : timeMs;
}

function lists(list: string, etag: string, comparison: "strong" | "weak"): boolean {
  if (list.trim() === "*") return true;
  return (list.match(/(?:W\/)?"[^"]*"/g) ?? []).some(
    (one) => one === etag || (comparison === "weak" && one === `W/${etag}`),
  );
}
