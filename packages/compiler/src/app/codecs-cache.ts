// Remembers, also across restarts, the codecs of each service by the contract they came from, so that they are emitted again only
// where it moved.
import type { Graph, Schema, Service } from "@tenon/model";
import { referencedNames } from "../emit/clients/print-schema.ts";
import { hashOf } from "../emit/files/file-hashes.ts";
import { createTextCache, type MadeText } from "../emit/files/text-cache.ts";

export interface CodecsCache {
  /** Service name -> text of its codecs module, emitted where nothing fitting is known. */
  textsOf(graph: Graph, emit: (service: Service) => string): Promise<Map<string, MadeText>>;
}

/** `settingsKey` stands for everything besides the graph that the texts depend on. */
export function createCodecsCache(cacheDir: string, settingsKey: string): CodecsCache {
  const texts = createTextCache<string>(cacheDir, settingsKey);
  return {
    async textsOf(graph, emit) {
      const keyOf = contractKeys(graph);
      const pairs = graph.services.map(async (service) => {
        const { name } = service;
        const key = keyOf(service);
        const isKnown = (await texts.sourceOf(name)) === key;
        const text = isKnown
          ? await texts.find(name, async () => emit(service))
          : await texts.put(name, key, emit(service));
        return [name, text] as const;
      });
      const made = new Map(await Promise.all(pairs));
      await texts.save();
      return made;
    },
  };
}

/** Hash of what a service's codecs are made from: its endpoints and the definitions they reach; not where they stand in a file. */
function contractKeys(graph: Graph): (service: Service) => string {
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
  return (service) => {
    const roots: Schema[] = service.endpoints
      .flatMap(({ request, response }) => [request, response])
      .filter((schema) => schema !== undefined);
    const open = roots.flatMap(referencedNames);
    const reached = new Set<string>();
    for (let name = open.pop(); name !== undefined; name = open.pop()) {
      if (reached.has(name)) continue;
      reached.add(name);
      open.push(...definitionOf(name).mentions);
    }
    const own = JSON.stringify([service.name, service.endpoints.map(({ location: _, ...contract }) => contract)]);
    const parts = [...reached].sort().map((name) => `${name}=${definitionOf(name).text}`);
    return hashOf([own, ...parts].join("\0"));
  };
}
