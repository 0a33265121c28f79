// Writes the client files where the app's tsconfig wants them: `~tenon/clients`, and the same for `~encore/clients`.
import { readdir, rm } from "node:fs/promises";
import { join } from "node:path";
import type { Graph } from "@tenon/model";
import type { GeneratedFolders } from "../../app/generated-folders.ts";
import type { FileChanges } from "../../source/type-source.ts";
import { writeIfChanged } from "../files/write-if-changed.ts";
import type { ClientService } from "./client-service.ts";
import { DefinitionLines, emitClientDeclaration, emitClientsIndex } from "./clients-declaration.ts";
import { emitClientsModule } from "./clients-module.ts";

export async function writeClients(
  appDir: string,
  folders: GeneratedFolders,
  services: readonly ClientService[],
  graph: Graph | null,
): Promise<FileChanges> {
  const targets = folders.encoreConfigured ? [folders.tenon, folders.encore] : [folders.tenon];
  const module = emitClientsModule(services, graph);
  const changes = { changed: [] as string[], created: [] as string[], deleted: [] as string[] };
  const write = async (file: string, text: string) => {
    const outcome = await writeIfChanged(file, text);
    if (outcome !== "unchanged") changes[outcome].push(file);
  };
  const definitions = new DefinitionLines(graph?.schemas ?? {});
  const knownServices = new Map(graph?.services.map((service) => [service.name, service]));
  for (const target of new Set(targets)) {
    const folder = join(target, "clients");
    const fileOf = (service: string) => join(folder, "services", `${service}.d.ts`);
    const texts = new Map(
      services.map((service) => {
        const known = knownServices.get(service.name) ?? null;
        const file = fileOf(service.name);
        return [service.name, emitClientDeclaration({ appDir, file, service, known, definitions })] as const;
      }),
    );
    await Promise.all([
      write(join(folder, "index.js"), module),
      write(join(folder, "index.d.ts"), emitClientsIndex(texts)),
      ...[...texts].map(([service, text]) => write(fileOf(service), text)),
    ]);
    changes.deleted.push(...(await removeOthers(join(folder, "services"), texts)));
  }
  return changes;
}

/** Files of services that are no more. */
async function removeOthers(folder: string, services: ReadonlyMap<string, string>): Promise<string[]> {
  const names = await readdir(folder).catch(() => []);
  const others = names
    .filter((name) => name.endsWith(".d.ts") && !services.has(name.slice(0, -".d.ts".length)))
    .map((name) => join(folder, name));
  for (const file of others) await rm(file, { force: true });
  return others;
}
