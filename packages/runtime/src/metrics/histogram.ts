// Histograms: how values are spread, as durations or sizes.
import type { HistogramFamily, HistogramSeries } from "./metric-family.ts";
import type { contract, LabelContract, LabelsOf, MetricConfig } from "./metric-options.ts";
import { histogramFamily, LATENCY_BOUNDS_S } from "./metric-registry.ts";
import { OwnSeries } from "./service-labels.ts";
import { isUsable } from "./usable-value.ts";

export interface HistogramConfig extends MetricConfig {
  /** Upper bounds of the buckets, growing. Default: 0.005 to 10, for durations in seconds. */
  readonly buckets?: readonly number[];
}

/** A histogram, or one combination of labels of a group. */
export interface Recordable {
  /** Counts `value` in the bucket it falls into. What is not a finite number is left out, with a warning. */
  record(value: number): void;
}

/** Measures for the service that declares it. Declare it at the top of a module, under a name that the app has only once. */
export class Histogram implements Recordable {
  readonly name: string;
  readonly #family: HistogramFamily;
  readonly #series: OwnSeries<HistogramSeries>;

  constructor(name: string, config: HistogramConfig = {}) {
    this.name = name;
    this.#family = familyOf(name, config);
    this.#series = new OwnSeries(this.#family);
  }

  record(value: number): void {
    if (isUsable(this.name, value)) this.#family.record(this.#series.unlabelled, value);
  }

  /** The histogram as a value, for functions that take one. */
  ref(): Histogram {
    return this;
  }
}

/** Measures each combination of labels by itself: `seconds.with({ step: "pay" }).record(0.2)`. */
export class HistogramGroup<L extends LabelsOf<L>> {
  declare readonly [contract]: LabelContract<L>;
  readonly name: string;
  readonly #family: HistogramFamily;
  readonly #series: OwnSeries<HistogramSeries>;

  constructor(name: string, config: HistogramConfig = {}) {
    this.name = name;
    this.#family = familyOf(name, config);
    this.#series = new OwnSeries(this.#family);
  }

  with(labels: L): Recordable {
    const series = this.#series.with(labels);
    return {
      record: (value) => {
        if (isUsable(this.name, value)) this.#family.record(series, value);
      },
    };
  }

  /** The group as a value, for functions that take one. */
  ref(): HistogramGroup<L> {
    return this;
  }
}

/** Throws RangeError when the bounds do not grow: no value could be put into the right bucket. */
function familyOf(
  name: string,
  { description = "", unit, buckets = LATENCY_BOUNDS_S }: HistogramConfig,
): HistogramFamily {
  const grows = buckets.every((bound, i) => Number.isFinite(bound) && (i === 0 || bound > buckets[i - 1]!));
  if (!grows || buckets.length === 0) {
    throw new RangeError(
      `the buckets of the histogram "${name}" must be finite numbers, each greater than the one before`,
    );
  }
  return histogramFamily({ name, kind: "histogram", description, unit }, buckets);
}
