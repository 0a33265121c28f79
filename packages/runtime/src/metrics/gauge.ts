// Gauges: what goes up and down, as the length of a queue or a temperature.
import type { GaugeRule, NumberSeries } from "./metric-family.ts";
import type { contract, LabelContract, LabelsOf, MetricConfig } from "./metric-options.ts";
import { numberFamily } from "./metric-registry.ts";
import { OwnSeries } from "./service-labels.ts";
import { isUsable } from "./usable-value.ts";

export interface GaugeConfig extends MetricConfig {
  /**
   * What `/__tenon/metrics` shows where several worker processes each have their own value. Default: "sum", right for parts of a whole
   * (open connections, items in memory); "max" or "min" for what all of them measure alike.
   */
  readonly acrossWorkers?: GaugeRule;
}

/** A gauge, or one combination of labels of a group. */
export interface Settable {
  /** Holds `value` from now on. What is not a finite number is left out, with a warning. */
  set(value: number): void;
}

/** Holds a number for the service that declares it. Declare it at the top of a module, under a name that the app has only once. */
export class Gauge implements Settable {
  readonly name: string;
  readonly #series: OwnSeries<NumberSeries>;

  constructor(name: string, config: GaugeConfig = {}) {
    this.name = name;
    this.#series = declare(name, config);
  }

  set(value: number): void {
    if (isUsable(this.name, value)) this.#series.unlabelled.value = value;
  }

  /** The gauge as a value, for functions that take one. */
  ref(): Gauge {
    return this;
  }
}

/** Holds a number for each combination of labels: `free.with({ disk: "a" }).set(0.4)`. */
export class GaugeGroup<L extends LabelsOf<L>> {
  declare readonly [contract]: LabelContract<L>;
  readonly name: string;
  readonly #series: OwnSeries<NumberSeries>;

  constructor(name: string, config: GaugeConfig = {}) {
    this.name = name;
    this.#series = declare(name, config);
  }

  with(labels: L): Settable {
    const series = this.#series.with(labels);
    return {
      set: (value) => {
        if (isUsable(this.name, value)) series.value = value;
      },
    };
  }

  /** The group as a value, for functions that take one. */
  ref(): GaugeGroup<L> {
    return this;
  }
}

function declare(name: string, { description = "", unit, acrossWorkers }: GaugeConfig): OwnSeries<NumberSeries> {
  return new OwnSeries(numberFamily({ name, kind: "gauge", description, unit, acrossWorkers }));
}
