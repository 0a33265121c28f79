// Which bytes of an object of known size a range means.
import { RangeNotSatisfiable } from "./errors.ts";
import type { ObjectRange } from "./object-store.ts";

/** First and last byte; undefined: all of them. Throws RangeNotSatisfiable. */
export function resolveRange(
  range: ObjectRange | undefined,
  sizeBytes: number,
  bucket: string,
  object: string,
): { readonly start: number; readonly end: number } | undefined {
  if (range === undefined) return undefined;
  const last = sizeBytes - 1;
  const isSuffix = "suffixLength" in range;
  const start = isSuffix ? Math.max(0, sizeBytes - range.suffixLength) : range.offset;
  const end = isSuffix || range.length === undefined ? last : Math.min(last, start + range.length - 1);
  if (start > last) throw new RangeNotSatisfiable(bucket, object);
  return { start, end };
}
