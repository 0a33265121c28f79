// Templates of the gateway's spans, found by method and route for requests of which nothing was prepared.
import { publicRequestTemplate } from "./request-spans.ts";
import type { SpanTemplate } from "./span-template.ts";

/** More than HTTP has. Anybody can make up another, and what anybody can make up must not fill the memory. */
const MAX_METHODS = 50;

export class RequestTemplates {
  private readonly byRoute = new Map<string | undefined, Map<string, SpanTemplate>>();

  /** `route`: a pattern of the app, of which there are not many; undefined where none matched. */
  of(method: string, route: string | undefined): SpanTemplate {
    let byMethod = this.byRoute.get(route);
    if (byMethod === undefined) {
      byMethod = new Map();
      this.byRoute.set(route, byMethod);
    }
    const known = byMethod.get(method);
    if (known !== undefined) return known;
    const template = publicRequestTemplate(method, route);
    if (byMethod.size < MAX_METHODS) byMethod.set(method, template);
    return template;
  }
}
