// Remembers, also across restarts, the codecs of each service by the contract they came from, so that they are emitted again only
// where it moved.
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Graph, Schema, Service } from "@tenon/model";
import { referencedNames } from "../emit/clients/print-schema.ts";
import { hashOf } from "../emit/files/file-hashes.ts";
import { readIfExists } from "../emit/files/write-if-changed.ts";
import { asObject } from "./read-jsonc.ts";

interface Entry {
  readonly key: string;
  readonly text: string;
}

export interface CodecsCache {
  /** Service name -> text of its codecs module, emitted where nothing fitting is known. */
  textsOf(graph: Graph, emit: (service: Service) => string): Promise<Map<string, string>>;
}

/** `settingsKey` stands for everything besides the graph that the texts depend on. */
export function createCodecsCache(cacheDir: string, settingsKey: string): CodecsCache {
  const known = new Map<string, Entry | null>();

  async function textOf(service: Service, key: string, emit: (service: Service) => string): Promise<string> {
    const file = join(cacheDir, `${service.name}.json`);
    if (!known.has(service.name)) known.set(service.name, parseEntry(await readIfExists(file)));
    const before = known.get(service.name);
    if (before?.key === key) return before.text;
    const entry = { key, text: emit(service) };
    known.set(service.name, entry);
    await mkdir(cacheDir, { recursive: true });
    await writeFile(file, JSON.stringify(entry));
    return entry.text;
  }

  return {
    async textsOf(graph, emit) {
      const keyOf = contractKeys(graph, settingsKey);
      const pairs = graph.services.map(
        async (service) => [service.name, await textOf(service, keyOf(service), emit)] as const,
      );
      return new Map(await Promise.all(pairs));
    },
  };
}

/** Hash of what a service's codecs are made from: its endpoints and the definitions they reach; not where they stand in a file. */
function contractKeys(graph: Graph, settingsKey: string): (service: Service) => string {
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
    const own = JSON.stringify([service.name, service.endpoints], (key, value: unknown) =>
      key === "location" ? undefined : value,
    );
    const parts = [...reached].sort().map((name) => `${name}=${definitionOf(name).text}`);
    return hashOf([settingsKey, own, ...parts].join("\0"));
  };
}

/** A cache file that was cut off is as good as none. */
function parseEntry(text: string | null): Entry | null {
  if (text === null) return null;
  try {
    const entry = asObject(JSON.parse(text));
    return typeof entry?.["key"] === "string" && typeof entry["text"] === "string" ? (entry as unknown as Entry) : null;
  } catch {
    return null;
  }
}
