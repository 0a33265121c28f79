// A range of an object as the HTTP header of that name.
import type { ObjectRange } from "../object-store.ts";

export function rangeHeader(range: ObjectRange): string {
  if ("suffixLength" in range) return `bytes=-${range.suffixLength}`;
  const { offset, length } = range;
  return `bytes=${offset}-${length === undefined ? "" : offset + length - 1}`;
}
