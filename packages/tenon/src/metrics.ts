// `tenon/metrics`: counters, gauges and histograms, read at `/__tenon/metrics` and by OpenTelemetry collectors.
export {
  Counter,
  CounterGroup,
  Gauge,
  type GaugeConfig,
  GaugeGroup,
  Histogram,
  type HistogramConfig,
  HistogramGroup,
  type Incrementable,
  type LabelsOf,
  type MetricConfig,
  type Recordable,
  type Settable,
} from "@tenon/runtime";
