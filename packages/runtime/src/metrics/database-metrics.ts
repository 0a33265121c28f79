// What Tenon measures of the statements that services send to their databases.
import type { HistogramSeries, NumberSeries } from "./metric-family.ts";
import { histogramFamily, numberFamily } from "./metric-registry.ts";

/** Statements are an order of magnitude quicker than what people wait for. */
const BOUNDS_S = [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10] as const;

const durations = histogramFamily(
  {
    name: "tenon_database_statement_duration_seconds",
    kind: "histogram",
    description: "How long SQL statements took, waiting for a connection included",
    unit: "s",
  },
  BOUNDS_S,
);
const errors = numberFamily({
  name: "tenon_database_errors_total",
  kind: "counter",
  description: "SQL statements that failed",
});
const running = numberFamily({
  name: "tenon_database_statements_in_flight",
  kind: "gauge",
  description: "SQL statements under way or waiting for a connection",
});

const known = new Map<string, DatabaseMetrics>();

export class DatabaseMetrics {
  private readonly durations: HistogramSeries;
  private readonly errors: NumberSeries;
  private readonly running: NumberSeries;

  private constructor(database: string) {
    this.durations = durations.series({ database });
    this.errors = errors.series({ database });
    this.running = running.series({ database });
  }

  static of(database: string): DatabaseMetrics {
    let metrics = known.get(database);
    if (metrics === undefined) {
      metrics = new DatabaseMetrics(database);
      known.set(database, metrics);
    }
    return metrics;
  }

  begin(): void {
    this.running.value++;
  }

  end(failed: boolean, durationMs: number): void {
    this.running.value--;
    if (failed) this.errors.value++;
    durations.record(this.durations, durationMs / 1000);
  }
}
