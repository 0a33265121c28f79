// Writes the client files where the app's tsconfig wants them: `~tenon/clients`, and the same for `~encore/clients`.
import { join } from "node:path";
import type { Graph } from "@tenon/model";
import type { GeneratedFolders } from "../../app/generated-folders.ts";
import { writeIfChanged } from "../files/write-if-changed.ts";
import type { ClientService } from "./client-service.ts";
import { emitClientsDeclaration } from "./clients-declaration.ts";
import { emitClientsModule } from "./clients-module.ts";

export interface WrittenClients {
  /** Absolute paths. */
  readonly changed: string[];
  readonly created: string[];
}

export async function writeClients(
  appDir: string,
  folders: GeneratedFolders,
  services: readonly ClientService[],
  graph: Graph | null,
): Promise<WrittenClients> {
  const targets = folders.encoreConfigured ? [folders.tenon, folders.encore] : [folders.tenon];
  const module = emitClientsModule(services, graph);
  const written: WrittenClients = { changed: [], created: [] };
  const write = async (file: string, text: string) => {
    const outcome = await writeIfChanged(file, text);
    if (outcome !== "unchanged") written[outcome].push(file);
  };
  for (const target of new Set(targets)) {
    const declarationFile = join(target, "clients", "index.d.ts");
    await write(declarationFile, emitClientsDeclaration({ appDir, file: declarationFile, services, graph }));
    await write(join(target, "clients", "index.js"), module);
  }
  return written;
}
