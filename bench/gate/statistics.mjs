// What the gate may call a regression: a paired test on the ratios of two checkouts, exact for the numbers of pairs we take, and a median
// that is worth the name. A slower median alone proves nothing on a noisy machine, and a sure difference of one percent hurts nobody.
import { median } from "../harness/results.mjs";

/** The chance of a false alarm that we accept for one case, and how much slower it must be in the median. */
export const limits = { p: 0.001, ratio: 1.05 };

/**
 * One-sided exact Wilcoxon signed-rank test: how likely are ranks that speak this much for "slower" if the two are equally fast.
 * `ratios` are head / base, one per pair.
 */
export function chanceOfBeingEqual(ratios) {
  const logs = ratios.map((ratio) => Math.log(ratio)).filter((value) => value !== 0);
  if (logs.length === 0) return 1;
  const doubledRanks = rankDoubled(logs.map(Math.abs));
  const observed = logs.reduce((sum, value, index) => sum + (value > 0 ? doubledRanks[index] : 0), 0);
  return shareAtLeast(doubledRanks, observed);
}

/** Ranks times two, so that the middle rank of a tie is a whole number. */
function rankDoubled(values) {
  const order = values.map((value, index) => ({ value, index })).sort((a, b) => a.value - b.value);
  const ranks = new Array(values.length);
  for (let from = 0; from < order.length; ) {
    let to = from + 1;
    while (to < order.length && order[to].value === order[from].value) to++;
    for (let place = from; place < to; place++) ranks[order[place].index] = from + 1 + to;
    from = to;
  }
  return ranks;
}

/** Of all ways to give the ranks a sign, the share whose positive ranks sum to `observed` or more. */
function shareAtLeast(ranks, observed) {
  const total = ranks.reduce((sum, rank) => sum + rank, 0);
  let chances = new Float64Array(total + 1);
  chances[0] = 1;
  for (const rank of ranks) {
    const next = new Float64Array(total + 1);
    for (let sum = 0; sum <= total; sum++) {
      if (chances[sum] === 0) continue;
      next[sum] += chances[sum] / 2;
      next[sum + rank] += chances[sum] / 2;
    }
    chances = next;
  }
  return chances.subarray(observed).reduce((sum, chance) => sum + chance, 0);
}

/** @returns {{ ratio: number, p: number, isRegression: boolean }} */
export function judge(pairs) {
  const ratios = pairs.map(({ base, head }) => head / base);
  const ratio = median(ratios);
  const p = chanceOfBeingEqual(ratios);
  return { ratio, p, isRegression: p < limits.p && ratio > limits.ratio };
}
