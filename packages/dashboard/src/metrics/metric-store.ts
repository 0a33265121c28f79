// The newest metrics of each service, as OTLP exports bring them. Only the present is kept: what a process counted is lost with it, and
// how numbers moved over time is for a real metrics store.

export interface MetricPoint {
  readonly attributes: Readonly<Record<string, string>>;
  /** Of counters and gauges. */
  readonly value?: number;
  /** Of histograms: `counts` has one more than `bounds`, for what lies above the last; not cumulated. */
  readonly count?: number;
  readonly sum?: number;
  readonly bounds?: readonly number[];
  readonly counts?: readonly number[];
}

export interface StoredMetric {
  readonly name: string;
  readonly kind: "counter" | "gauge" | "histogram";
  readonly description: string;
  readonly unit: string;
  readonly points: readonly MetricPoint[];
}

export interface ServiceMetrics {
  readonly service: string;
  /** Epoch milliseconds. */
  readonly receivedAt: number;
  readonly metrics: readonly StoredMetric[];
}

/** Any program of the machine may send here. */
const MAX_SERVICES = 500;

export class MetricStore {
  readonly #services = new Map<string, ServiceMetrics>();

  set(service: string, metrics: readonly StoredMetric[], receivedAt: number): void {
    if (!this.#services.has(service) && this.#services.size >= MAX_SERVICES) return;
    this.#services.set(service, { service, receivedAt, metrics });
  }

  /** In order of name. */
  list(): ServiceMetrics[] {
    return [...this.#services.values()].sort((a, b) => (a.service < b.service ? -1 : 1));
  }
}
