import { Counter, CounterGroup, Gauge, GaugeGroup, Histogram, HistogramGroup } from "tenon/metrics";

interface Labels {
  kind: string;
  urgent: boolean;
}

export const sent = new Counter("mails_sent", { description: "Mails that were sent" });
export const byKind = new CounterGroup<Labels>("mails_by_kind");
export const queued = new Gauge("mails_queued");
export const free = new GaugeGroup<{ disk: string }>("disk_free_ratio");
export const sizes = new Histogram("mail_size_bytes", { buckets: [100, 1000], unit: "By" });
export const seconds = new HistogramGroup<{ step: string }>("mail_step_seconds");
