// `any` and `unknown` in memory: a fresh value as JSON would carry it, what `JSON.parse(JSON.stringify(value))` gives, without the
// text between, with a limit on depth, and with issues instead of exceptions.
import type { Issue } from "@tenon/model";
import { isTooDeep } from "./depth.ts";
import { fail, underIndex, underKey } from "./issues.ts";
import { setOwn } from "./objects.ts";

/** undefined for what JSON leaves out: undefined, functions, symbols. */
export function copyJson(value: unknown, issues: Issue[]): unknown {
  return copyValue(value, "", issues, 0);
}

/** For items of lists, where JSON writes null for what it leaves out elsewhere. */
export function copyJsonItem(value: unknown, issues: Issue[]): unknown {
  return copyValue(value, "", issues, 0) ?? null;
}

function copyValue(input: unknown, key: string, issues: Issue[], depth: number): unknown {
  const value = unwrap(input, key);
  switch (typeof value) {
    case "string":
    case "boolean":
      return value;
    case "number":
      // JSON writes -0 as 0, and what is not finite as null.
      return value === 0 ? 0 : Number.isFinite(value) ? value : null;
    case "bigint":
      fail(issues, "", "invalid_type", "must be JSON, got a bigint: declare the field as bigint, or send a string");
      return undefined;
    case "object":
      if (value === null) return null;
      if (isTooDeep(depth, issues)) return undefined;
      return Array.isArray(value) ? copyArray(value, issues, depth) : copyObject(value, issues, depth);
    default:
      return undefined;
  }
}

/** ECMA-262 SerializeJSONProperty, steps 2 and 4: toJSON first, then boxed primitives. */
function unwrap(input: unknown, key: string): unknown {
  let value = input;
  if ((typeof value === "object" && value !== null) || typeof value === "function" || typeof value === "bigint") {
    const { toJSON } = value as { toJSON?: unknown };
    if (typeof toJSON === "function") value = toJSON.call(value, key);
  }
  if (value instanceof Number || value instanceof String || value instanceof Boolean || value instanceof BigInt) {
    return value.valueOf();
  }
  return value;
}

function copyArray(value: readonly unknown[], issues: Issue[], depth: number): unknown[] {
  const result: unknown[] = [];
  let seen = issues.length;
  for (let index = 0; index < value.length; index++) {
    result.push(copyValue(value[index], String(index), issues, depth + 1) ?? null);
    if (issues.length !== seen) seen = underIndex(issues, seen, index);
  }
  return result;
}

function copyObject(value: object, issues: Issue[], depth: number): Record<string, unknown> {
  const result: Record<string, unknown> = {};
  let seen = issues.length;
  for (const key of Object.keys(value)) {
    const item = copyValue((value as Record<string, unknown>)[key], key, issues, depth + 1);
    if (issues.length !== seen) seen = underKey(issues, seen, key);
    if (item !== undefined) setOwn(result, key, item);
  }
  return result;
}
