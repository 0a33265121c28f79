// What Tenon measures of the outbox of a database. All processes with the database look at the same rows, so theirs are not summed.
import type { NumberSeries } from "../../metrics/metric-family.ts";
import { numberFamily } from "../../metrics/metric-registry.ts";
import { type Backlog, mostCounted } from "./outbox-store.ts";

const waiting = numberFamily({
  name: "tenon_outbox_backlog",
  kind: "gauge",
  description: `Messages of committed transactions that the broker does not have yet; counted up to ${mostCounted}`,
  acrossWorkers: "max",
});
const parked = numberFamily({
  name: "tenon_outbox_parked",
  kind: "gauge",
  description: `Messages that the broker does not take, kept aside with the reason; counted up to ${mostCounted}`,
  acrossWorkers: "max",
});
const oldest = numberFamily({
  name: "tenon_outbox_oldest_seconds",
  kind: "gauge",
  description: "For how long the oldest message has been waiting for the broker",
  unit: "s",
  acrossWorkers: "max",
});

export class BacklogMetrics {
  readonly #waiting: NumberSeries;
  readonly #parked: NumberSeries;
  readonly #oldest: NumberSeries;

  constructor(database: string) {
    this.#waiting = waiting.series({ database });
    this.#parked = parked.series({ database });
    this.#oldest = oldest.series({ database });
  }

  set({ waiting: count, parked: aside, oldestAgeMs }: Backlog): void {
    this.#waiting.value = count;
    this.#parked.value = aside;
    this.#oldest.value = (oldestAgeMs ?? 0) / 1_000;
  }
}
