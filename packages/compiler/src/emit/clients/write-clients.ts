// Writes the client files where the app's tsconfig wants them: `~tenon/clients`, and the same for `~encore/clients`.
import { existsSync } from "node:fs";
import { readdir, rm } from "node:fs/promises";
import { join } from "node:path";
import type { Graph } from "@tenon/model";
import type { GeneratedFolders } from "../../app/generated-folders.ts";
import { generatedCode } from "../../discover/generated-code.ts";
import type { FileChanges } from "../../source/type-source.ts";
import { writeIfChanged } from "../files/write-if-changed.ts";
import type { ClientService } from "./client-service.ts";
import { DefinitionLines, emitClientDeclaration, emitClientsIndex } from "./clients-declaration.ts";
import { emitClientsModule } from "./clients-module.ts";

export interface ClientsWriter {
  /** Says whose code came out differently; comments are nobody's business but the reader's. */
  write(services: readonly ClientService[], graph: Graph | null): Promise<FileChanges>;
}

export function createClientsWriter(appDir: string, folders: GeneratedFolders): ClientsWriter {
  const targets = new Set(folders.encoreConfigured ? [folders.tenon, folders.encore] : [folders.tenon]);
  /** What this writer last left on disk, by file. */
  let written: ReadonlyMap<string, string> = new Map();
  let last: { readonly services: string; readonly graph: Graph | null } | null = null;

  return {
    async write(services, graph) {
      const now = { services: JSON.stringify(services), graph };
      const isSame = last !== null && last.graph === graph && last.services === now.services;
      const texts = isSame ? written : clientTexts(appDir, targets, services, graph);
      const changes = { changed: [] as string[], created: [] as string[], deleted: [] as string[] };
      await Promise.all(
        [...texts].map(async ([file, text]) => {
          const before = written.get(file);
          if (before === text && existsSync(file)) return;
          const outcome = await writeIfChanged(file, text);
          const isSameCode = before !== undefined && generatedCode(before) === generatedCode(text);
          if (outcome === "created" || (outcome === "changed" && !isSameCode)) changes[outcome].push(file);
        }),
      );
      for (const target of targets) changes.deleted.push(...(await removeOthers(servicesFolder(target), texts)));
      written = texts;
      last = now;
      return changes;
    },
  };
}

function servicesFolder(target: string): string {
  return join(target, "clients", "services");
}

/** File -> text. */
function clientTexts(
  appDir: string,
  targets: ReadonlySet<string>,
  services: readonly ClientService[],
  graph: Graph | null,
): Map<string, string> {
  const texts = new Map<string, string>();
  const module = emitClientsModule(services, graph);
  const definitions = new DefinitionLines(graph?.schemas ?? {});
  const knownServices = new Map(graph?.services.map((service) => [service.name, service]));
  for (const target of targets) {
    const declarations = new Map<string, string>();
    for (const service of services) {
      const file = join(servicesFolder(target), `${service.name}.d.ts`);
      const known = knownServices.get(service.name) ?? null;
      const text = emitClientDeclaration({ appDir, file, service, known, definitions });
      declarations.set(service.name, text);
      texts.set(file, text);
    }
    texts.set(join(target, "clients", "index.js"), module);
    texts.set(join(target, "clients", "index.d.ts"), emitClientsIndex(declarations));
  }
  return texts;
}

/** Files of services that are no more. */
async function removeOthers(folder: string, texts: ReadonlyMap<string, string>): Promise<string[]> {
  const names = await readdir(folder).catch(() => []);
  const others = names
    .filter((name) => name.endsWith(".d.ts"))
    .map((name) => join(folder, name))
    .filter((file) => !texts.has(file));
  for (const file of others) await rm(file, { force: true });
  return others;
}
