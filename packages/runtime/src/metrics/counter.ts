// Counters: what only ever grows, as orders, errors or bytes sent.
import type { NumberSeries } from "./metric-family.ts";
import type { contract, LabelContract, LabelsOf, MetricConfig } from "./metric-options.ts";
import { numberFamily } from "./metric-registry.ts";
import { OwnSeries } from "./service-labels.ts";
import { isGrowth } from "./usable-value.ts";

/** A counter, or one combination of labels of a group. */
export interface Incrementable {
  /** Adds `value`, 1 by default. A value below 0 is left out, with a warning. */
  increment(value?: number): void;
}

/** Counts for the service that declares it. Declare it at the top of a module, under a name that the app has only once. */
export class Counter implements Incrementable {
  readonly name: string;
  readonly #series: OwnSeries<NumberSeries>;

  constructor(name: string, config: MetricConfig = {}) {
    this.name = name;
    this.#series = declare(name, config);
  }

  increment(value = 1): void {
    if (isGrowth(this.name, value)) this.#series.unlabelled.value += value;
  }

  /** The counter as a value, for functions that take one. */
  ref(): Counter {
    return this;
  }
}

/** Counts each combination of labels by itself: `orders.with({ country: "NO" }).increment()`. */
export class CounterGroup<L extends LabelsOf<L>> {
  declare readonly [contract]: LabelContract<L>;
  readonly name: string;
  readonly #series: OwnSeries<NumberSeries>;

  constructor(name: string, config: MetricConfig = {}) {
    this.name = name;
    this.#series = declare(name, config);
  }

  with(labels: L): Incrementable {
    const series = this.#series.with(labels);
    return {
      increment: (value = 1) => {
        if (isGrowth(this.name, value)) series.value += value;
      },
    };
  }

  /** The group as a value, for functions that take one. */
  ref(): CounterGroup<L> {
    return this;
  }
}

function declare(name: string, { description = "", unit }: MetricConfig): OwnSeries<NumberSeries> {
  return new OwnSeries(numberFamily({ name, kind: "counter", description, unit }));
}
