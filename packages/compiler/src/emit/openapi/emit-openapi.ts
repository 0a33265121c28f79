// The OpenAPI 3.1 document of an app, from its graph: what `tenon gen client --lang openapi` writes and the dashboard serves.
import type { Graph, JsonSchema, Service } from "@tenon/model";
import { type Selection, selectServices } from "../public-api/select-services.ts";
import { componentKeys } from "./component-names.ts";
import type { OpenApiDocument, PathItem } from "./document.ts";
import { type OperationContext, operationMethod, operationOf } from "./operation.ts";
import { createPathTemplates } from "./path-templates.ts";
import { commonResponseObjects, errorBodySchema } from "./responses.ts";
import { createSchemaObjects, type SchemaObjects } from "./schema-objects.ts";
import { securityOf } from "./security.ts";

export interface OpenApiOptions extends Selection {
  /** Base address of the app's public door. */
  readonly serverUrl: string;
  /** Version of the API, as its owners count. Default: "1.0.0". */
  readonly version?: string;
}

/** The same graph and options give the same document. */
export function emitOpenApi(graph: Graph, options: OpenApiOptions): OpenApiDocument {
  const services = selectServices(graph, options);
  const definitions = Object.keys(graph.schemas);
  // A definition of the app keeps its name; ours gives way.
  const errorKey = componentKeys(["ErrorBody"], [...componentKeys(definitions).values()]).get("ErrorBody")!;
  const objects = createSchemaObjects(graph.schemas, [errorKey]);
  const security = securityOf(graph);
  const paths = pathsOf(services, { schemas: graph.schemas, objects, errorKey, security });
  return {
    openapi: "3.1.0",
    info: {
      title: graph.app.id,
      version: options.version ?? "1.0.0",
      description: `The endpoints of ${graph.app.id}, written by Tenon from their types.`,
    },
    servers: [{ url: options.serverUrl }],
    tags: tagsOf(services),
    security: [],
    paths,
    components: {
      schemas: sortedSchemas(objects, errorKey),
      responses: commonResponseObjects(errorKey),
      ...(Object.keys(security.schemes).length > 0 && { securitySchemes: security.schemes }),
    },
  };
}

function sortedSchemas(objects: SchemaObjects, errorKey: string): Record<string, JsonSchema> {
  const all = Object.entries({ ...objects.components(), [errorKey]: errorBodySchema() });
  return Object.fromEntries(all.sort(([a], [b]) => (a < b ? -1 : 1)));
}

function pathsOf(
  services: readonly Service[],
  context: Omit<OperationContext, "service" | "pathNames">,
): Record<string, PathItem> {
  const templates = createPathTemplates();
  const paths: Record<string, PathItem> = {};
  for (const service of services) {
    for (const endpoint of service.endpoints) {
      for (const method of endpoint.methods) {
        const key = operationMethod(method);
        if (key === undefined) continue;
        const { template, parameters } = templates.add(endpoint, method);
        paths[template] ??= {};
        paths[template][key] = operationOf(endpoint, method, {
          ...context,
          service: service.name,
          pathNames: parameters,
        });
      }
    }
  }
  return paths;
}

function tagsOf(services: readonly Service[]): OpenApiDocument["tags"] {
  const names = new Set(services.map(({ name }) => name));
  const tags = new Set(services.flatMap(({ endpoints }) => endpoints.flatMap((endpoint) => endpoint.tags)));
  return [
    ...services.map(({ name, description }) => ({ name, ...(description !== undefined && { description }) })),
    ...[...tags]
      .filter((tag) => !names.has(tag))
      .sort()
      .map((name) => ({ name })),
  ];
}
