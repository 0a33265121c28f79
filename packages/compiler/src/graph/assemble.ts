// Discovered declarations and their types -> the application graph, with the checks that need to see the whole app.
import type { Diagnostic, Endpoint, Graph, Schema, Service } from "@tenon/model";
import { createDiagnostic } from "../diagnose/diagnostic.ts";
import type { Discovered, Found, FoundEndpoint } from "../discover/discover.ts";
import type { UnitResult } from "../schema/unit.ts";
import { collectBuckets } from "./buckets.ts";
import { collectCaches } from "./caches.ts";
import { collectCalls } from "./calls.ts";
import { collectConfigs } from "./configs.ts";
import { collectCronJobs } from "./cron-jobs.ts";
import { createEndpoint } from "./endpoints.ts";
import { collectGateways, reportUnreachable } from "./gateways.ts";
import { collectMetrics } from "./metrics.ts";
import { checkMiddleware, middlewareIn } from "./middleware.ts";
import { nameDefinitions, type NamedDefinition, renameRefs } from "./name-schemas.ts";
import { pathShape } from "./path.ts";
import type { UsersOf } from "./found-resource.ts";
import { collectResources } from "./resources.ts";
import { collectTopics } from "./topics.ts";

export interface AssembleInput {
  readonly app: Graph["app"];
  readonly discovered: Discovered;
  readonly resultOf: (found: FoundEndpoint | Found<"database"> | Found<"secret"> | Found<"resource">) => UnitResult;
  readonly usersOf: UsersOf;
}

export function assembleGraph(input: AssembleInput): { graph: Graph; diagnostics: Diagnostic[] } {
  const { app, discovered, resultOf, usersOf } = input;
  const diagnostics: Diagnostic[] = [];
  const { schemas, rename } = collectSchemas(input);
  const resources = collectResources(discovered, (found) => resultOf(found).values, usersOf, diagnostics);
  const calls = collectCalls(discovered, usersOf, diagnostics);
  const configs = collectConfigs({ discovered, resultOf, usersOf, schemas, rename, diagnostics });
  const reported = new Set<string>();
  const doors = collectGateways({ discovered, resultOf, schemas, rename, diagnostics, reported });
  checkMiddleware(discovered, resultOf, diagnostics);
  const services = discovered.services.map(
    ({ name, directory, endpoints, marker, config }): Service => ({
      name,
      directory,
      endpoints: endpoints.map((found) =>
        createEndpoint(found, resultOf(found), { service: name, schemas, rename, diagnostics, reported }),
      ),
      calls: calls.get(name) ?? [],
      databases: resources.databasesOf.get(name) ?? [],
      secrets: resources.secretsOf.get(name) ?? [],
      ...unlessEmpty("middleware", middlewareIn(marker, config, discovered)),
      ...(configs.has(name) ? { config: configs.get(name)! } : {}),
    }),
  );
  const metrics = collectMetrics({ discovered, resultOf, usersOf, schemas, rename, diagnostics });
  const topics = collectTopics({ discovered, resultOf, usersOf, schemas, rename, diagnostics });
  const caches = collectCaches({ discovered, resultOf, usersOf, schemas, rename, diagnostics });
  const cronJobs = collectCronJobs({ discovered, resultOf, services, diagnostics });
  const buckets = collectBuckets({ discovered, resultOf, usersOf, diagnostics });
  reportPathConflicts(discovered, services, diagnostics);
  reportUnreachable(discovered, services, doors.gateways, diagnostics);
  const { databases, secrets } = resources;
  const graph: Graph = {
    version: 1,
    app,
    services,
    databases,
    secrets,
    ...unlessEmpty("gateways", doors.gateways),
    ...unlessEmpty(
      "middleware",
      middlewareIn(discovered.app?.source ?? null, discovered.app?.config ?? null, discovered),
    ),
    ...unlessEmpty("authHandlers", doors.authHandlers),
    ...unlessEmpty("buckets", buckets),
    ...unlessEmpty("cronJobs", cronJobs),
    ...unlessEmpty("metrics", metrics),
    ...unlessEmpty("topics", topics),
    ...unlessEmpty("caches", caches),
    schemas,
  };
  return { graph, diagnostics };
}

/** What an app has none of is not mentioned in its graph. */
function unlessEmpty<Key extends string, Item>(
  key: Key,
  items: readonly Item[],
): { readonly [key in Key]?: readonly Item[] } {
  return items.length === 0 ? {} : ({ [key]: items } as { readonly [key in Key]: readonly Item[] });
}

function collectSchemas({ discovered, resultOf }: AssembleInput) {
  const definitions = new Map<string, NamedDefinition>();
  const typed = [...discovered.services.flatMap(({ endpoints }) => endpoints), ...discovered.resources];
  for (const found of typed) {
    for (const [identity, definition] of Object.entries(resultOf(found).signature?.definitions ?? {})) {
      definitions.set(identity, definition);
    }
  }
  const names = nameDefinitions(definitions);
  const rename = (ref: string): string => names.get(ref) ?? ref;
  const schemas = new Map<string, Schema>();
  for (const [identity, { schema }] of definitions) schemas.set(rename(identity), renameRefs(schema, rename));
  const sorted = [...schemas].sort(([a], [b]) => (a < b ? -1 : 1));
  return { schemas: Object.fromEntries(sorted), rename };
}

/** The public door has one route for a method and a path, whichever service it leads to. */
function reportPathConflicts(discovered: Discovered, services: readonly Service[], diagnostics: Diagnostic[]): void {
  const taken = new Map<string, { readonly service: string; readonly endpoint: Endpoint }>();
  for (const [i, service] of services.entries()) {
    for (const [j, endpoint] of service.endpoints.entries()) {
      for (const method of endpoint.methods) {
        const key = `${method} ${pathShape(endpoint.path)}`;
        const other = taken.get(key);
        if (other === undefined) {
          taken.set(key, { service: service.name, endpoint });
          continue;
        }
        const { source, declaration } = discovered.services[i]!.endpoints[j]!;
        const { file, line } = other.endpoint.location;
        const words = {
          method,
          path: endpoint.path.pattern,
          endpoint: `${service.name}.${endpoint.name}`,
          other: `${other.service}.${other.endpoint.name}`,
          otherPlace: `${file}:${line}`,
        };
        const place = source.lines.place(source.relative, declaration.binding ?? declaration.call);
        diagnostics.push(createDiagnostic("TN1017", place, words));
        break;
      }
    }
  }
}
