// Templates of the spans that calls to one endpoint have on the caller's side: one for each service that calls it.
import type { Attributes } from "@tenon/model";
import { type SpanTemplate, spanTemplate } from "../telemetry/span-template.ts";

// hot: guarded by bench/call
export class ClientSpans {
  private readonly name: string;
  private readonly attributes: Attributes;
  private readonly templates = new Map<string, SpanTemplate>();
  /** Mostly the same service calls again. */
  private last: SpanTemplate | undefined = undefined;

  /** `name`: "users.get". `attributes`: not to be changed afterwards. */
  constructor(name: string, attributes: Attributes) {
    this.name = name;
    this.attributes = attributes;
  }

  /** `caller`: name of the service. */
  of(caller: string): SpanTemplate {
    if (this.last !== undefined && this.last.service === caller) return this.last;
    let template = this.templates.get(caller);
    if (template === undefined) {
      template = spanTemplate({ name: this.name, kind: "client", service: caller, attributes: this.attributes });
      this.templates.set(caller, template);
    }
    this.last = template;
    return template;
  }
}
