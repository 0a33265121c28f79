// Arguments of a bucket's methods that have a shape of their own. Everything throws ObjectsError `objects_argument_invalid`.
import type { WritePreconditions } from "./bucket-options.ts";
import { ObjectsError } from "./errors.ts";
import type { ObjectRange, WriteCondition } from "./object-store.ts";

const longestTtlSeconds = 604_800;
const defaultTtlSeconds = 3_600;

export function checkTtl(bucket: string, object: string, ttl = defaultTtlSeconds): number {
  if (Number.isInteger(ttl) && ttl >= 1 && ttl <= longestTtlSeconds) return ttl;
  throw invalid(bucket, object, `ttl must be a whole number of seconds from 1 to ${longestTtlSeconds}, got ${ttl}`);
}

export function checkLimit(bucket: string, limit: number | undefined): void {
  if (limit === undefined || (Number.isInteger(limit) && limit >= 0)) return;
  throw invalid(bucket, undefined, `limit must be a whole number, got ${limit}`);
}

export function checkRange(bucket: string, object: string, range: ObjectRange | undefined): void {
  if (range === undefined) return;
  const isCount = (value: number, least: number) => Number.isSafeInteger(value) && value >= least;
  const isRight =
    "suffixLength" in range
      ? isCount(range.suffixLength, 1)
      : isCount(range.offset, 0) && (range.length === undefined || isCount(range.length, 1));
  if (isRight) return;
  const form = "{ offset, length } or { suffixLength } in whole bytes, with at least one of them wanted";
  throw invalid(bucket, object, `range must be ${form}, got ${JSON.stringify(range)}`);
}

export function conditionOf(
  bucket: string,
  object: string,
  { notExists = false, ifMatch }: WritePreconditions = {},
): WriteCondition {
  if (notExists && ifMatch !== undefined)
    throw invalid(bucket, object, "preconditions can be notExists or ifMatch, not both");
  if (ifMatch === undefined) return notExists ? { notExists } : undefined;
  if (typeof ifMatch === "string" && /^[\x21\x23-\x7e]+$/.test(ifMatch)) return { ifMatch };
  throw invalid(bucket, object, "preconditions.ifMatch must be the etag that a method of the bucket has given");
}

function invalid(bucket: string, object: string | undefined, reason: string): ObjectsError {
  return new ObjectsError("objects_argument_invalid", { bucket, object, reason });
}
