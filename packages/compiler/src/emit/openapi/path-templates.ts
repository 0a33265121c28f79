// Routes as OpenAPI path templates. OpenAPI knows one kind of parameter and forbids two templates that differ only in its name, so
// routes of one shape share a template.
import type { Endpoint, HttpMethod, Path, PathSegment } from "@tenon/model";
import { parameterNames } from "../../graph/path.ts";

export interface PathTemplates {
  /** The template for a method of an endpoint, and the names that its parameters have there. */
  add(endpoint: Endpoint, method: HttpMethod): TemplatePlace;
}

export interface TemplatePlace {
  /** "/users/{id}" */
  readonly template: string;
  /** Name in the request type -> name in the template. */
  readonly parameters: ReadonlyMap<string, string>;
}

export function createPathTemplates(): PathTemplates {
  /** Shape -> its first template. */
  const templates = new Map<string, { readonly template: string; readonly names: readonly string[] }>();
  const taken = new Set<string>();

  return {
    add(endpoint, method) {
      const own = parameterNames(endpoint.path);
      const shape = templateOf(endpoint.path, () => "");
      let known = templates.get(shape);
      if (known === undefined) {
        known = { template: templateOf(endpoint.path, ({ name }) => name), names: own };
        templates.set(shape, known);
      }
      const { names } = known;
      const parameters = new Map(own.map((name, index) => [name, names[index] ?? name]));
      return { template: freeTemplate(taken, known.template, method, endpoint), parameters };
    },
  };
}

/**
 * Of "/files/:id" and "/files/*path" OpenAPI sees only one. The second gets a fragment, which tells them apart in the document and which
 * no HTTP client sends.
 */
function freeTemplate(taken: Set<string>, template: string, method: HttpMethod, endpoint: Endpoint): string {
  const last = endpoint.path.segments.at(-1)?.kind ?? "literal";
  for (const candidate of [template, `${template}#${last}`, `${template}#${endpoint.name}`]) {
    const slot = `${method} ${candidate}`;
    if (taken.has(slot)) continue;
    taken.add(slot);
    return candidate;
  }
  return `${template}#${endpoint.name}.${taken.size}`;
}

function templateOf(path: Path, nameOf: (segment: Exclude<PathSegment, { kind: "literal" }>) => string): string {
  const parts = path.segments.map((segment) => {
    return segment.kind === "literal" ? segment.value.replace(/[{}?#]/g, encodeURIComponent) : `{${nameOf(segment)}}`;
  });
  return `/${parts.join("/")}`;
}
