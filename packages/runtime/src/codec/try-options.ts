// Unions whose options can only be told apart by trying them, in the order given: the first that fits wins.
import type { Issue } from "@tenon/model";
import { fail } from "./issues.ts";

export type OptionCodec = (value: unknown, issues: Issue[], depth: number) => unknown;

type Outcome = { readonly fits: OptionCodec } | { readonly fits: null; readonly issues: readonly Issue[] };

/**
 * What is known about a value and a union while an outer union is still trying its options. Without it a recursive union would walk
 * the same subtree once per option and level, 2^depth times in all.
 */
let known: Map<readonly OptionCodec[], Map<unknown, Outcome>> | null = null;

/** The result of the first option without issues; else `invalid_union`, followed by the issues of the closest option. */
export function tryOptions(
  options: readonly OptionCodec[],
  expected: string,
  value: unknown,
  issues: Issue[],
  depth: number,
): unknown {
  if (known !== null) return tryKnown(options, expected, value, issues, depth);
  known = new Map();
  try {
    return tryKnown(options, expected, value, issues, depth);
  } finally {
    known = null;
  }
}

function tryKnown(
  options: readonly OptionCodec[],
  expected: string,
  value: unknown,
  issues: Issue[],
  depth: number,
): unknown {
  const outcomes = outcomesOf(options);
  const before = outcomes.get(value);
  if (before === undefined) return tryEach(options, expected, value, issues, depth, outcomes);
  if (before.fits !== null) return before.fits(value, issues, depth);
  for (const issue of before.issues) fail(issues, issue.path, issue.code, issue.message);
  return undefined;
}

function tryEach(
  options: readonly OptionCodec[],
  expected: string,
  value: unknown,
  issues: Issue[],
  depth: number,
  outcomes: Map<unknown, Outcome>,
): unknown {
  let closest: Issue[] | undefined;
  for (const option of options) {
    const found: Issue[] = [];
    const result = option(value, found, depth);
    if (found.length === 0) {
      outcomes.set(value, { fits: option });
      return result;
    }
    if (closest === undefined || found.length < closest.length) closest = found;
  }
  const all: Issue[] = [];
  fail(all, "", "invalid_union", `must be ${expected}; the closest option does not fit`);
  for (const issue of closest ?? []) fail(all, issue.path, issue.code, issue.message);
  outcomes.set(value, { fits: null, issues: all });
  for (const issue of all) fail(issues, issue.path, issue.code, issue.message);
  return undefined;
}

function outcomesOf(options: readonly OptionCodec[]): Map<unknown, Outcome> {
  let outcomes = known!.get(options);
  if (outcomes === undefined) {
    outcomes = new Map();
    known!.set(options, outcomes);
  }
  return outcomes;
}
