// Remembers, also across restarts, the codecs of each service by the contract they came from, so that they are emitted again only
// where it moved.
import type { Graph, Service } from "@tenon/model";
import { createTextCache, type MadeText } from "../emit/files/text-cache.ts";
import type { ContractKeys } from "./contract-keys.ts";

export interface CodecsCache {
  /** Service name -> text of its codecs module, emitted where nothing fitting is known. `contracts`: the graph's contract keys. */
  textsOf(graph: Graph, contracts: ContractKeys, emit: (service: Service) => string): Promise<Map<string, MadeText>>;
}

/** `settingsKey` stands for everything besides the graph that the texts depend on. */
export function createCodecsCache(cacheDir: string, settingsKey: string): CodecsCache {
  const texts = createTextCache<string>(cacheDir, settingsKey);
  return {
    async textsOf(graph, contracts, emit) {
      const pairs = graph.services.map(async (service) => {
        const { name } = service;
        const key = contracts.get(name)!;
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
