// The one limit on nesting: deeper values are refused in every topology, long before a stack overflows, and so are values that
// contain themselves.
import type { Issue } from "@tenon/model";
import { fail, maxIssues } from "./issues.ts";

/** Levels of a recursive type, or of arrays and objects within `any`. */
export const maxDepth = 256;

/**
 * True when a recursive function must not go on. Also when the issues are full: a value that contains itself twice per level would
 * otherwise be walked 2^256 times.
 */
export function isTooDeep(depth: number, issues: Issue[]): boolean {
  if (depth <= maxDepth) return issues.length >= maxIssues;
  fail(issues, "", "too_deep", `must not be nested more than ${maxDepth} levels deep or contain itself`);
  return true;
}
