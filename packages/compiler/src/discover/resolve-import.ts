// Specifier -> what it names on disk: a source file, or a package whose files count as one.
import { existsSync, readFileSync, realpathSync, statSync } from "node:fs";
import { dirname, isAbsolute, join, resolve } from "node:path";
import type { PathMapping } from "./path-mapping.ts";

export type Resolved =
  | { readonly kind: "file"; readonly file: string }
  /** `isWorkspace`: a folder of the user's own, by symlink; else installed, and known by its package.json. */
  | { readonly kind: "package"; readonly directory: string; readonly isWorkspace: boolean };

const endings = ["", ".ts", ".tsx", ".mts", ".cts", ".d.ts", ".json", "/index.ts", "/index.tsx", "/index.d.ts"];

export class ImportResolver {
  readonly #mapping: PathMapping;
  readonly #known = new Map<string, Resolved | null>();

  constructor(mapping: PathMapping) {
    this.#mapping = mapping;
  }

  /** null: not found, or built into Node.js. */
  resolve(specifier: string, fromFile: string): Resolved | null {
    const folder = dirname(fromFile);
    const key = `${specifier}\0${folder}`;
    const known = this.#known.get(key);
    if (known !== undefined) return known;
    const resolved = this.#find(specifier, folder);
    this.#known.set(key, resolved);
    return resolved;
  }

  /** After files came or went. */
  forget(): void {
    this.#known.clear();
  }

  #find(specifier: string, folder: string): Resolved | null {
    if (specifier.startsWith(".") || isAbsolute(specifier)) return fileAt(resolve(folder, specifier));
    for (const candidate of this.#mapping.candidates(specifier)) {
      const found = fileAt(candidate);
      if (found !== null) return found;
    }
    return specifier.startsWith("node:") ? null : packageOf(specifier, folder);
  }
}

/** TypeScript's ways of writing a file: with its own ending, the one it is compiled to, none, or as a folder. */
function fileAt(path: string): Resolved | null {
  const asWritten = path.replace(/\.([cm]?)js(x?)$/, ".$1ts$2");
  for (const base of asWritten === path ? [path] : [asWritten, path, path.replace(/\.([cm]?)jsx?$/, ".d.$1ts")]) {
    for (const ending of endings) {
      const file = base + ending;
      if (isFile(file)) return { kind: "file", file };
    }
  }
  return null;
}

function packageOf(specifier: string, folder: string): Resolved | null {
  const parts = specifier.split("/");
  const name = specifier.startsWith("@") ? parts.slice(0, 2).join("/") : parts[0]!;
  for (let at = folder; ; at = dirname(at)) {
    const link = join(at, "node_modules", name);
    if (existsSync(link)) {
      const directory = realpathSync(link);
      return { kind: "package", directory, isWorkspace: !/[\\/]node_modules[\\/]/.test(directory) };
    }
    if (dirname(at) === at) return null;
  }
}

function isFile(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isFile() ?? false;
}

/** Name and version stand for the contents of an installed package. */
export function packageStamp(directory: string): string {
  try {
    return readFileSync(join(directory, "package.json"), "utf8");
  } catch {
    return "";
  }
}
