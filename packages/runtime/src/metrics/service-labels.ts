// Every series of a service carries its name. A metric belongs to the service whose modules declared it; one that was made later, by
// running code, to the service that is being served.
import { currentCall } from "../call/context.ts";
import { loadingService } from "../lifecycle/loading-service.ts";
import type { Labels } from "./metric-family.ts";

interface SeriesSource<Series> {
  series(labels: Labels): Series;
}

/** Finds the series of one declared metric. */
export class OwnSeries<Series> {
  readonly #family: SeriesSource<Series>;
  readonly #owner = loadingService()?.name;
  readonly #unlabelled = new Map<string, Series>();

  constructor(family: SeriesSource<Series>) {
    this.#family = family;
  }

  /** Without labels of its own; kept, because a counter is often in the middle of what has to be fast. */
  get unlabelled(): Series {
    const service = this.#service;
    let series = this.#unlabelled.get(service);
    if (series === undefined) {
      series = this.#family.series(service === "" ? {} : { service });
      this.#unlabelled.set(service, series);
    }
    return series;
  }

  with(labels: Readonly<Record<string, unknown>>): Series {
    const texts: Record<string, string> = {};
    for (const [name, value] of Object.entries(labels)) if (value !== undefined) texts[name] = String(value);
    const service = this.#service;
    // A label of the app's own that is called so goes first.
    return this.#family.series(service === "" || Object.hasOwn(texts, "service") ? texts : { ...texts, service });
  }

  get #service(): string {
    return this.#owner ?? currentCall()?.service ?? "";
  }
}
