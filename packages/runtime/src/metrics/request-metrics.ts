// What Tenon counts of every endpoint: how many calls with which outcome, how long they took, how many are under way.
import type { HistogramSeries, NumberSeries } from "./metric-family.ts";
import { histogramFamily, LATENCY_BOUNDS_S, numberFamily } from "./metric-registry.ts";

const requests = numberFamily({
  name: "tenon_requests_total",
  kind: "counter",
  description: 'Calls of endpoints, from outside and from other services, by outcome: "ok" or the code of the error',
});
const durations = histogramFamily(
  {
    name: "tenon_request_duration_seconds",
    kind: "histogram",
    description: "How long calls of endpoints took",
    unit: "s",
  },
  LATENCY_BOUNDS_S,
);
const inFlight = numberFamily({
  name: "tenon_requests_in_flight",
  kind: "gauge",
  description: "Calls of endpoints that are being served",
});

/** Of one endpoint; its series are found once and kept. */
export class RequestMetrics {
  private readonly labels: { readonly service: string; readonly endpoint: string };
  private readonly running: NumberSeries;
  private readonly durations: HistogramSeries;
  private readonly byCode = new Map<string, NumberSeries>();

  constructor(service: string, endpoint: string) {
    this.labels = { service, endpoint };
    this.running = inFlight.series(this.labels);
    this.durations = durations.series(this.labels);
  }

  // hot: every request is counted
  begin(): void {
    this.running.value++;
  }

  // hot: every request is counted
  end(code: string, durationMs: number): void {
    this.running.value--;
    durations.record(this.durations, durationMs / 1000);
    let series = this.byCode.get(code);
    if (series === undefined) {
      series = requests.series({ ...this.labels, code });
      this.byCode.set(code, series);
    }
    series.value++;
  }
}
