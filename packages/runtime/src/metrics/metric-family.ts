// One metric with its series: what is counted or measured, apart for each combination of labels. Bounded, because labels made of user
// input would otherwise take all memory.

export type MetricKind = "counter" | "gauge" | "histogram";
/** What stands for the gauges of several processes. */
export type GaugeRule = "sum" | "max" | "min";
export type Labels = Readonly<Record<string, string>>;

/** A number that a series stands at. */
export interface NumberSeries {
  readonly labels: Labels;
  value: number;
}

/** How often values fell into each bucket. */
export interface HistogramSeries {
  readonly labels: Labels;
  /** One for each bound and one more for what lies above the last; not cumulated. */
  readonly counts: number[];
  sum: number;
  count: number;
}

export interface MetricDescription {
  readonly name: string;
  readonly kind: MetricKind;
  readonly description: string;
  /** UCUM: "s", "By", "1". */
  readonly unit?: string | undefined;
  /** Of a gauge: see GaugeConfig. Absent: summed. */
  readonly acrossWorkers?: GaugeRule | undefined;
}

/** As many series as one metric may have; the others are put together in one labelled `overflow="true"`. */
export const MAX_SERIES = 2_000;
const OVERFLOW: Labels = { overflow: "true" };

abstract class Family<Series extends { readonly labels: Labels }> {
  readonly about: MetricDescription;
  private readonly byKey = new Map<string, Series>();
  private overflow: Series | undefined;

  constructor(about: MetricDescription) {
    this.about = about;
  }

  /** The series of these labels; the same one each time, so that callers may keep it. */
  series(labels: Labels): Series {
    const key = keyOf(labels);
    const known = this.byKey.get(key);
    if (known !== undefined) return known;
    if (this.byKey.size >= MAX_SERIES) {
      const { service } = labels;
      this.overflow ??= this.create(service === undefined ? OVERFLOW : { service, ...OVERFLOW });
      return this.overflow;
    }
    const series = this.create(labels);
    this.byKey.set(key, series);
    return series;
  }

  get all(): Series[] {
    const series = [...this.byKey.values()];
    return this.overflow === undefined ? series : [...series, this.overflow];
  }

  protected abstract create(labels: Labels): Series;
}

export class NumberFamily extends Family<NumberSeries> {
  protected create(labels: Labels): NumberSeries {
    return { labels, value: 0 };
  }
}

export class HistogramFamily extends Family<HistogramSeries> {
  /** Upper bounds, growing; each includes its own value. */
  readonly bounds: readonly number[];

  constructor(about: MetricDescription, bounds: readonly number[]) {
    super(about);
    this.bounds = bounds;
  }

  protected create(labels: Labels): HistogramSeries {
    return { labels, counts: new Array<number>(this.bounds.length + 1).fill(0), sum: 0, count: 0 };
  }

  // hot: every request is measured
  record(series: HistogramSeries, value: number): void {
    let index = 0;
    while (index < this.bounds.length && value > this.bounds[index]!) index++;
    series.counts[index]!++;
    series.sum += value;
    series.count++;
  }
}

function keyOf(labels: Labels): string {
  return JSON.stringify(Object.entries(labels).sort(([a], [b]) => (a < b ? -1 : 1)));
}
