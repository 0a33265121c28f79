// Which installed packages cannot come into a production bundle, because they look for files beside themselves, bring native code, or
// load packages by names that are only known at run time. They stay folders, with all that they need, and are copied into the build.
import { isBuiltin } from "node:module";
import { isAbsolute } from "node:path";
import type { Plugin } from "rolldown";
import { chosenPackages, installedFolder, neededBy, packageFolderOf, packageName } from "./installed-package.ts";
import { keptSpecifier } from "./kept-specifier.ts";

const usesItsPlace =
  /\b__(?:dirname|filename)\b|\bimport\.meta\.(?:url|dirname|filename|resolve)\b|\bcreateRequire\b|\brequire\.resolve\b|\brequire\(\s*[^\s"')]/;
/** By a name in a variable: any package of the app may be meant. */
const loadsByName = /\brequire\(\s*[^\s"'`)]/;
/** Their statements are traced as they are loaded, which bundled code is not. */
const traced: readonly string[] = ["pg", "pg-pool", "postgres"];

/** Packages are named by their folders. */
export class KeptPackages {
  readonly #appDir: string;
  readonly #chosen: ReadonlySet<string>;
  readonly #kept = new Set<string>();
  readonly #loadingByName = new Set<string>();
  /** Package -> packages that its bundled files import, whether it says that it needs them or not. */
  readonly #imports = new Map<string, Set<string>>();
  #bundled = new Set<string>();

  constructor(appDir: string) {
    this.#appDir = appDir;
    this.#chosen = new Set(chosenPackages(appDir));
  }

  /** For one pass of the bundler. */
  plugin(): Plugin {
    this.#bundled = new Set();
    const keep = (folder: string, code: string) => {
      this.#kept.add(folder);
      if (loadsByName.test(code)) this.#loadingByName.add(folder);
    };
    const note = (file: string, imported: readonly string[]) => this.#note(file, imported);
    const isKept = (folder: string | null) => folder !== null && this.#kept.has(folder);
    return {
      name: "tenon-kept-packages",
      resolveId: {
        filter: { id: /^(?!tenon:)[^./\0]/ },
        async handler(specifier, importer, { kind }) {
          if (isBuiltin(specifier)) return null;
          const resolved = await this.resolve(specifier, importer, { skipSelf: true, kind });
          if (resolved === null || resolved.external !== false || !isKept(packageFolderOf(resolved.id)))
            return resolved;
          return { id: keptSpecifier(resolved.id), external: true };
        },
      },
      load: {
        filter: { id: /[\\/]node_modules[\\/].*\.node$/ },
        handler: (id) => {
          keep(packageFolderOf(id)!, "");
          return { code: "export {};", moduleType: "js" };
        },
      },
      transform: {
        filter: { id: /[\\/]node_modules[\\/]/, code: usesItsPlace },
        handler: (code, id) => {
          keep(packageFolderOf(id)!, code);
          return null;
        },
      },
      buildEnd() {
        for (const id of this.getModuleIds()) {
          // What stays outside is listed too.
          if (!isAbsolute(id)) continue;
          const { importedIds, dynamicallyImportedIds } = this.getModuleInfo(id)!;
          note(
            id,
            [...importedIds, ...dynamicallyImportedIds].filter((other) => isAbsolute(other)),
          );
        }
      },
    };
  }

  /** After a pass: whether it bundled anything that has to be kept, so that another pass is due. */
  grow(): boolean {
    const needed = this.#closure();
    // One instance of each: what is there as a folder is not bundled beside it.
    const misplaced = [...this.#bundled].filter((folder) => needed.has(folder));
    for (const folder of misplaced) this.#kept.add(folder);
    return misplaced.length > 0;
  }

  /** All that have to be copied; sorted. */
  get folders(): string[] {
    return [...this.#closure()].sort();
  }

  #note(file: string, imported: readonly string[]): void {
    const folder = packageFolderOf(file);
    if (folder === null) return;
    this.#bundled.add(folder);
    if (traced.includes(packageName(folder))) this.#kept.add(folder);
    const imports = this.#imports.get(folder) ?? new Set();
    this.#imports.set(folder, imports);
    for (const other of imported.map(packageFolderOf)) if (other !== null && other !== folder) imports.add(other);
  }

  #closure(): Set<string> {
    const closure = new Set(this.#kept);
    // A set may grow while it is walked.
    for (const folder of closure) {
      for (const other of neededBy(folder, this.#chosen)) closure.add(other);
      for (const other of this.#imports.get(folder) ?? []) closure.add(other);
      if (!this.#loadingByName.has(folder)) continue;
      for (const name of this.#chosen) {
        const other = installedFolder(name, this.#appDir);
        if (other !== null && packageFolderOf(other) !== null) closure.add(other);
      }
    }
    return closure;
  }
}
