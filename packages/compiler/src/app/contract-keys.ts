// What others see of each service as one hash: its endpoints and the definitions they reach, not where they stand in a file. Codecs
// and clients are made from nothing else.
import { type Graph, type Schema, type Service, usesTopic } from "@tenon/model";
import { referencedNames } from "../emit/clients/print-schema.ts";
import { hashOf } from "../emit/files/file-hashes.ts";

/** By service. */
export type ContractKeys = ReadonlyMap<string, string>;

export function contractKeys(graph: Graph): ContractKeys {
  const definitions = new Map<string, { readonly text: string; readonly mentions: readonly string[] }>();
  const definitionOf = (name: string) => {
    const before = definitions.get(name);
    if (before !== undefined) return before;
    const schema = graph.schemas[name];
    const made =
      schema === undefined
        ? { text: "", mentions: [] }
        : { text: JSON.stringify(schema), mentions: referencedNames(schema) };
    definitions.set(name, made);
    return made;
  };
  const keyOf = (service: Service): string => {
    const handlers = (graph.authHandlers ?? []).filter((handler) => handler.service === service.name);
    const messages = (graph.topics ?? [])
      .filter((topic) => usesTopic(service, topic))
      .map(({ name, message }) => ({ name, message }));
    const roots: Schema[] = [
      ...service.endpoints.flatMap(({ request, response, errors = [] }) => [
        request,
        response,
        ...errors.map(({ details }) => details),
      ]),
      ...handlers.flatMap(({ params, data }) => [params, data]),
      ...messages.map(({ message }) => message),
      service.config,
    ].filter((schema) => schema !== undefined);
    const open = roots.flatMap(referencedNames);
    const reached = new Set<string>();
    for (let name = open.pop(); name !== undefined; name = open.pop()) {
      if (reached.has(name)) continue;
      reached.add(name);
      open.push(...definitionOf(name).mentions);
    }
    const own = JSON.stringify([
      service.name,
      service.description,
      service.endpoints.map(({ location: _, ...contract }) => contract),
      handlers.map(({ location: _, ...contract }) => contract),
      ...(messages.length === 0 ? [] : [messages]),
      ...(service.config === undefined ? [] : [{ config: service.config }]),
    ]);
    const parts = [...reached].sort().map((name) => `${name}=${definitionOf(name).text}`);
    return hashOf([own, ...parts].join("\0"));
  };
  return new Map(graph.services.map((service) => [service.name, keyOf(service)]));
}
