// Lists the TypeScript files of an app that can declare something, and keeps what is known of each by the hash of its text.
import { createHash } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { join, relative, sep } from "node:path";
import { LineIndex, withoutByteOrderMark } from "../diagnose/place.ts";
import type { FileFacts } from "./declarations.ts";
import { readFileFacts } from "./read-file-facts.ts";

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
  readonly #known = new Map<string, SourceFile>();

  constructor(appDir: string) {
    this.#appDir = appDir;
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
    const source: SourceFile = {
      file,
      relative: this.relative(file),
      text,
      hash,
      facts: readFileFacts(file, text),
      lines: new LineIndex(text),
    };
    this.#known.set(file, source);
    return source;
  }

  forget(files: readonly string[]): void {
    for (const file of files) this.#known.delete(file);
  }

  relative(file: string): string {
    return relative(this.#appDir, file).split(sep).join("/");
  }
}

export function hashText(text: string): string {
  return createHash("sha256").update(text).digest("base64url");
}

/** Tests declare nothing that is served. */
function isTyped(name: string): boolean {
  return /\.[cm]?tsx?$/.test(name) && !/\.(?:test|spec)\.[cm]?tsx?$/.test(name);
}
