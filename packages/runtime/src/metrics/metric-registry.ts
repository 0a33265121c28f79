// All metrics of the process, the app's own and those that Tenon keeps, in one place from which they are read.
import { HistogramFamily, type MetricDescription, type MetricKind, NumberFamily } from "./metric-family.ts";

export type MetricFamily = NumberFamily | HistogramFamily;

/** Seconds, for what a person waits for (OpenTelemetry's advice for durations of HTTP requests). */
export const LATENCY_BOUNDS_S = [0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.25, 0.5, 0.75, 1, 2.5, 5, 7.5, 10] as const;

const families = new Map<string, MetricFamily>();
const observers = new Set<() => void>();

/** The metric of this name; made when it is not there. Each service of a process may declare the same one. */
export function numberFamily(about: MetricDescription): NumberFamily {
  const known = families.get(about.name);
  if (known instanceof NumberFamily && known.about.kind === about.kind) return known;
  return add(about.name, known, new NumberFamily(about));
}

export function histogramFamily(about: MetricDescription, bounds: readonly number[]): HistogramFamily {
  const known = families.get(about.name);
  if (known instanceof HistogramFamily && sameBounds(known.bounds, bounds)) return known;
  return add(about.name, known, new HistogramFamily(about, bounds));
}

/** Called right before metrics are read, to set what is only looked up then. Gives a function that ends it. */
export function beforeReading(observe: () => void): () => void {
  observers.add(observe);
  return () => observers.delete(observe);
}

/** In order of name. */
export function readMetrics(): MetricFamily[] {
  for (const observe of observers) observe();
  return [...families.values()].sort((a, b) => (a.about.name < b.about.name ? -1 : 1));
}

function add<F extends MetricFamily>(name: string, known: MetricFamily | undefined, family: F): F {
  if (known !== undefined)
    throw new Error(`the metric "${name}" is declared twice with different meanings: ${kindOf(known)}`);
  families.set(name, family);
  return family;
}

function kindOf(family: MetricFamily): MetricKind {
  return family.about.kind;
}

function sameBounds(left: readonly number[], right: readonly number[]): boolean {
  return left.length === right.length && left.every((bound, i) => bound === right[i]);
}
