// Writes the generated files where the app's tsconfig wants them: `~tenon/clients` and `~tenon/auth`, and the same for `~encore/*`.
import { existsSync } from "node:fs";
import { readdir, rm } from "node:fs/promises";
import { join } from "node:path";
import type { Graph } from "@tenon/model";
import type { GeneratedFolders } from "../../app/generated-folders.ts";
import { generatedCode } from "../../discover/generated-code.ts";
import type { FileChanges } from "../../source/type-source.ts";
import { authModule, emitAuthDeclaration } from "../auth/auth-module.ts";
import type { AuthSource } from "../auth/auth-source.ts";
import { writeIfChanged } from "../files/write-if-changed.ts";
import type { ClientService } from "./client-service.ts";
import { DefinitionLines, emitClientDeclaration, emitClientsIndex } from "./clients-declaration.ts";
import { emitClientModules } from "./client-modules.ts";
import { emitClientsModule } from "./clients-module.ts";

export interface KnownGraph {
  readonly graph: Graph | null;
  /** Service -> key of all that the graph says of its endpoints. */
  readonly contracts: ReadonlyMap<string, string>;
}

export interface ClientsWriter {
  /** Says whose code came out differently; comments are nobody's business but the reader's. */
  write(
    services: readonly ClientService[],
    known: KnownGraph,
    auth: readonly AuthSource[] | null,
  ): Promise<FileChanges>;
}

export function createClientsWriter(appDir: string, folders: GeneratedFolders): ClientsWriter {
  const targets = new Set(folders.encoreConfigured ? [folders.tenon, folders.encore] : [folders.tenon]);
  const declarationOf = createDeclarations(appDir);
  /** What this writer last left on disk, by file. */
  let written: ReadonlyMap<string, string> = new Map();

  return {
    async write(services, known, auth) {
      const texts = new Map([
        ...clientTexts(targets, services, known.graph, declarationOf(known, auth !== null)),
        ...authTexts(appDir, targets, auth),
      ]);
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
      return changes;
    },
  };
}

function servicesFolder(target: string): string {
  return join(target, "clients", "services");
}

function authTexts(appDir: string, targets: ReadonlySet<string>, auth: readonly AuthSource[] | null) {
  return [...targets].flatMap((target): [string, string][] => {
    const declaration = join(target, "auth", "index.d.ts");
    return [
      [join(target, "auth", "index.js"), authModule],
      [declaration, emitAuthDeclaration(appDir, declaration, auth)],
    ];
  });
}

type DeclarationOf = (file: string, service: ClientService) => string;

/** Emits a declaration again only when its service's contract moved. */
function createDeclarations(appDir: string): (known: KnownGraph, hasAuth: boolean) => DeclarationOf {
  const made = new Map<string, { readonly key: string; readonly text: string }>();
  return ({ graph, contracts }, hasAuth) => {
    const definitions = new DefinitionLines(graph?.schemas ?? {});
    const knownServices = new Map(graph?.services.map((service) => [service.name, service]));
    return (file, service) => {
      const key = JSON.stringify([contracts.get(service.name), service, hasAuth]);
      const before = made.get(file);
      if (before?.key === key) return before.text;
      const known = knownServices.get(service.name) ?? null;
      const schemas = graph?.schemas ?? {};
      const text = emitClientDeclaration({ appDir, file, service, known, schemas, definitions, hasAuth });
      made.set(file, { key, text });
      return text;
    };
  };
}

/** File -> text. */
function clientTexts(
  targets: ReadonlySet<string>,
  services: readonly ClientService[],
  graph: Graph | null,
  declarationOf: DeclarationOf,
): Map<string, string> {
  const texts = new Map<string, string>();
  const module = emitClientsModule(services, graph);
  const modules = emitClientModules(services, graph);
  const [ownTarget] = targets;
  for (const target of targets) {
    const declarations = new Map<string, string>();
    for (const service of services) {
      const file = join(servicesFolder(target), `${service.name}.d.ts`);
      const text = declarationOf(file, service);
      declarations.set(service.name, text);
      texts.set(file, text);
    }
    texts.set(join(target, "clients", "index.js"), module);
    // Builds take the clients from Tenon's own folder.
    if (target === ownTarget) for (const [path, text] of modules) texts.set(join(target, "clients", path), text);
    texts.set(join(target, "clients", "index.d.ts"), emitClientsIndex(declarations));
  }
  return texts;
}

/** Files of services that are no more. */
async function removeOthers(folder: string, texts: ReadonlyMap<string, string>): Promise<string[]> {
  const names = await readdir(folder).catch(() => []);
  const others = names
    .filter((name) => /\.(?:d\.ts|js)$/.test(name))
    .map((name) => join(folder, name))
    .filter((file) => !texts.has(file));
  for (const file of others) await rm(file, { force: true });
  return others;
}
