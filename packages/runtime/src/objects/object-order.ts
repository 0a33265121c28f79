// The order of names in listings, and how a delimiter folds names into prefixes.
import type { CommonPrefix, ListEntry, ListQuery } from "./object-store.ts";

/** By the bytes of UTF-8, as S3 has it: JavaScript's own order differs behind U+FFFF. */
export function compareNames(a: string, b: string): number {
  return a === b ? 0 : Buffer.compare(Buffer.from(a), Buffer.from(b));
}

/** `entries` are sorted and begin with the prefix. */
export function* foldNames(
  entries: Iterable<ListEntry>,
  { prefix, delimiter, startAfter }: Pick<ListQuery, "prefix" | "delimiter" | "startAfter">,
): Generator<ListEntry | CommonPrefix> {
  let last: string | undefined;
  for (const entry of entries) {
    const end = delimiter === undefined ? -1 : entry.name.indexOf(delimiter, prefix.length);
    if (end === -1) {
      if (isBehind(entry.name, startAfter)) yield entry;
      continue;
    }
    const common = entry.name.slice(0, end + delimiter!.length);
    if (common === last) continue;
    last = common;
    if (isBehind(common, startAfter)) yield { prefix: common };
  }
}

/** Where it stands in a listing. */
export function placeOf(entry: ListEntry | CommonPrefix): string {
  return "prefix" in entry ? entry.prefix : entry.name;
}

export function isBehind(name: string, startAfter: string | undefined): boolean {
  return startAfter === undefined || compareNames(name, startAfter) > 0;
}
