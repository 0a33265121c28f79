// Leaves in a graph only the definitions that something in it refers to, under names that do not depend on the others: types of one name
// are told apart by numbers, and one more of that name elsewhere would move them.
import type { Endpoint, Graph, Schema, Schemas } from "@tenon/model";
import { referencedNames } from "../emit/clients/print-schema.ts";
import { renameRefs } from "../graph/name-schemas.ts";

export function reachedSchemas(graph: Graph): Graph {
  const names = namesOf(reachedFrom(graph));
  const rename = (schema: Schema) => renameRefs(schema, (name) => names.get(name)!);
  const entries = [...names].map(([name, next]) => [next, rename(graph.schemas[name]!)] as const);
  const schemas: Schemas = Object.fromEntries(entries.sort(([a], [b]) => (a < b ? -1 : 1)));
  return { ...withSchemas(graph, rename), schemas };
}

/** Names of definitions, also those that only definitions refer to. */
function reachedFrom(graph: Graph): Set<string> {
  const reached = new Set<string>();
  const visit = (schema: Schema): Schema => {
    for (const name of referencedNames(schema)) {
      const definition = graph.schemas[name];
      if (reached.has(name) || definition === undefined) continue;
      reached.add(name);
      visit(definition);
    }
    return schema;
  };
  withSchemas(graph, visit);
  return reached;
}

/** Name -> name in the unit: "Order_3" is "Order" where there is no other, else it has its turn. */
function namesOf(reached: ReadonlySet<string>): ReadonlyMap<string, string> {
  const parts = [...reached].map((name) => {
    const [, base = name, number = "1"] = /^(.*)_(\d+)$/.exec(name) ?? [];
    return { name, base, number: Number(number) };
  });
  parts.sort((a, b) => (a.base === b.base ? a.number - b.number : a.base < b.base ? -1 : 1));
  const taken = new Set<string>();
  return new Map(
    parts.map(({ name, base }) => {
      let next = base;
      for (let count = 2; taken.has(next); count++) next = `${base}_${count}`;
      taken.add(next);
      return [name, next];
    }),
  );
}

/** The graph with each schema outside of the definitions replaced. */
function withSchemas(graph: Graph, replace: (schema: Schema) => Schema): Graph {
  const { authHandlers, topics } = graph;
  return {
    ...graph,
    services: graph.services.map((service) => ({
      ...service,
      endpoints: service.endpoints.map((endpoint) => endpointWith(endpoint, replace)),
      ...(service.config === undefined ? {} : { config: replace(service.config) }),
    })),
    ...(authHandlers === undefined
      ? {}
      : {
          authHandlers: authHandlers.map((handler) => ({
            ...handler,
            params: replace(handler.params),
            data: replace(handler.data),
          })),
        }),
    ...(topics === undefined ? {} : { topics: topics.map((topic) => ({ ...topic, message: replace(topic.message) })) }),
  };
}

function endpointWith(endpoint: Endpoint, replace: (schema: Schema) => Schema): Endpoint {
  const { request, response, messages, errors } = endpoint;
  const { incoming, outgoing } = messages ?? {};
  return {
    ...endpoint,
    ...(request === undefined ? {} : { request: replace(request) }),
    ...(response === undefined ? {} : { response: replace(response) }),
    ...(messages === undefined
      ? {}
      : {
          messages: {
            ...(incoming === undefined ? {} : { incoming: replace(incoming) }),
            ...(outgoing === undefined ? {} : { outgoing: replace(outgoing) }),
          },
        }),
    ...(errors === undefined
      ? {}
      : {
          errors: errors.map((error) =>
            error.details === undefined ? error : { ...error, details: replace(error.details) },
          ),
        }),
  };
}
