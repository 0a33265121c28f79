// The names of all properties that some type of the app declares as `Sensitive`. Names and not places, because values are copied,
// merged and logged far from the type they came with; a harmless field of the same name is hidden as well.
import type { Graph, Schema } from "@tenon/model";

export function sensitiveFields(graph: Graph): Set<string> {
  const names = new Set<string>();
  for (const schema of Object.values(graph.schemas)) collect(schema, names);
  for (const service of graph.services) {
    if (service.config !== undefined) collect(service.config, names);
    for (const { request, response, messages } of service.endpoints) {
      for (const schema of [request, response, messages?.incoming, messages?.outgoing]) {
        if (schema !== undefined) collect(schema, names);
      }
    }
  }
  for (const { params, data } of graph.authHandlers ?? []) for (const schema of [params, data]) collect(schema, names);
  for (const { message } of graph.topics ?? []) collect(message, names);
  return names;
}

function collect(schema: Schema, names: Set<string>): void {
  switch (schema.kind) {
    case "object":
      for (const property of schema.properties) {
        if (property.sensitive === true) names.add(property.name);
        collect(property.schema, names);
      }
      for (const { value } of schema.index ?? []) collect(value, names);
      return;
    case "array":
    case "set":
      collect(schema.items, names);
      return;
    case "map":
      collect(schema.key, names);
      collect(schema.value, names);
      return;
    case "tuple":
      for (const item of [...schema.items, ...(schema.suffix ?? [])]) collect(item.schema, names);
      if (schema.rest !== undefined) collect(schema.rest, names);
      return;
    case "union":
      for (const option of schema.options) collect(option, names);
  }
}
