// Values that a histogram may have been made of: as many in each bucket as were recorded there, and with the same sum. CloudWatch makes percentiles
// of values, and knows nothing of buckets.
export interface CountedValue {
  readonly value: number;
  readonly count: number;
}

interface Buckets {
  readonly bounds: readonly number[];
  /** One for each bound and one more for what lies above the last; not cumulated. */
  readonly counts: readonly number[];
  readonly sum: number;
}

/** The sum is exact where no value was below 0: the first bucket is taken to begin there. */
export function likelyValues({ bounds, counts, sum }: Buckets): CountedValue[] {
  const low = bounds.map((bound, i) => bounds[i - 1] ?? Math.min(0, bound));
  const weighted = (values: readonly number[]) =>
    values.reduce((total, value, i) => total + value * (counts[i] ?? 0), 0);
  const lowest = weighted(low);
  const spread = weighted(bounds) - lowest;
  const above = counts[bounds.length] ?? 0;
  const last = bounds.at(-1) ?? Number.NEGATIVE_INFINITY;
  // What lies above the last bound may lie anywhere; the others are taken to lie in the middle of their buckets, where that leaves it enough.
  const aboveAll = above === 0 ? 0 : Math.max(last, (sum - lowest - spread / 2) / above);
  const share = spread === 0 ? 1 : Math.min(1, Math.max(0, (sum - above * aboveAll - lowest) / spread));
  const values = bounds.map((bound, i) => {
    const from = low[i] ?? bound;
    return { value: from + (bound - from) * share, count: counts[i] ?? 0 };
  });
  return [...values, { value: aboveAll, count: above }].filter(({ count }) => count > 0);
}
