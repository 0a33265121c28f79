// Lists the TypeScript files of an app that can declare something, and keeps what is known of each by the hash of its text.
import { createHash } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { join, relative, sep } from "node:path";
import { LineIndex, withoutByteOrderMark } from "../diagnose/place.ts";
import type { FileFacts } from "./declarations.ts";
import { FactsCache } from "./facts-cache.ts";
import { languageOf, readFileFacts } from "./read-file-facts.ts";

export interface SourceFile {
  /** Absolute. */
  readonly file: string;
  /** Relative to the app's folder, with forward slashes. */
  readonly relative: string;
  readonly text: string;
  readonly hash: string;
  readonly facts: FileFacts;
  readonly lines: LineIndex;
}

const ignoredFolders: ReadonlySet<string> = new Set(["node_modules", "encore.gen", "dist"]);

export class SourceFiles {
  readonly #appDir: string;
  readonly #facts: FactsCache;
  readonly #known = new Map<string, SourceFile>();

  constructor(appDir: string) {
    this.#appDir = appDir;
    this.#facts = new FactsCache(join(appDir, ".tenon", "cache", "facts.json"));
  }

  /** Files that can hold declarations, sorted by path. */
  listAppFiles(): string[] {
    return this.listTypedFiles().filter((file) => !/\.d\.[cm]?ts$/.test(file));
  }

  /** The same and the declaration files beside them. */
  listTypedFiles(): string[] {
    const found: string[] = [];
    const visit = (folder: string): void => {
      for (const entry of readdirSync(folder, { withFileTypes: true })) {
        const path = join(folder, entry.name);
        if (entry.isDirectory()) {
          if (!entry.name.startsWith(".") && !ignoredFolders.has(entry.name)) visit(path);
        } else if (isTyped(entry.name)) {
          found.push(path);
        }
      }
    };
    visit(this.#appDir);
    return found.sort();
  }

  /** Any source file, also outside of the app; null when it cannot be read. */
  read(file: string): SourceFile | null {
    const known = this.#known.get(file);
    if (known !== undefined) return known;
    let text: string;
    try {
      text = withoutByteOrderMark(readFileSync(file, "utf8"));
    } catch {
      return null;
    }
    const hash = hashText(text);
    let lines: LineIndex | null = null;
    const source: SourceFile = {
      file,
      relative: this.relative(file),
      text,
      hash,
      facts: this.#facts.get(factsKey({ file, hash }), () => readFileFacts(file, text)),
      get lines() {
        lines ??= new LineIndex(text);
        return lines;
      },
    };
    this.#known.set(file, source);
    return source;
  }

  /** Keeps for the next start what is known of the files. */
  save(): void {
    this.#facts.save(new Map([...this.#known.values()].map((source) => [factsKey(source), source.facts])));
  }

  /** null: not read so far. */
  hashOf(file: string): string | null {
    return this.#known.get(file)?.hash ?? null;
  }

  /** Whether a file that was read is on disk as it was then. */
  isCurrent(file: string): boolean {
    const known = this.#known.get(file);
    if (known === undefined) return false;
    try {
      return hashText(withoutByteOrderMark(readFileSync(file, "utf8"))) === known.hash;
    } catch {
      return false;
    }
  }

  forget(files: readonly string[]): void {
    for (const file of files) this.#known.delete(file);
  }

  relative(file: string): string {
    return relative(this.#appDir, file).split(sep).join("/");
  }
}

/** The same text reads differently under another ending. */
function factsKey({ file, hash }: Pick<SourceFile, "file" | "hash">): string {
  return `${languageOf(file)} ${hash}`;
}

export function hashText(text: string): string {
  return createHash("sha256").update(text).digest("hex");
}

/** Tests declare nothing that is served. */
function isTyped(name: string): boolean {
  return /\.[cm]?tsx?$/.test(name) && !/\.(?:test|spec)\.[cm]?tsx?$/.test(name);
}
