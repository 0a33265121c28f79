// What files declare, on disk by the hash of their text, so that an unchanged file is not parsed at every start. Losing it costs time
// and nothing else.
import { mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import type { FileFacts } from "./declarations.ts";

/** Raise when facts of the same text come out differently. */
const version = "136 rolldown@1.3.2";

export class FactsCache {
  readonly #file: string;
  #stored: ReadonlyMap<string, FileFacts> | null = null;
  #parsedCount = 0;

  constructor(file: string) {
    this.#file = file;
  }

  get(key: string, parse: () => FileFacts): FileFacts {
    this.#stored ??= this.#read();
    const known = this.#stored.get(key);
    if (known === undefined) this.#parsedCount++;
    return known ?? parse();
  }

  /** Keeps exactly these, once enough of them are new: the few of an edit are parsed again at the next start. */
  save(facts: ReadonlyMap<string, FileFacts>): void {
    if (this.#parsedCount * 10 < facts.size) return;
    this.#parsedCount = 0;
    this.#stored = facts;
    mkdirSync(dirname(this.#file), { recursive: true });
    // Another process may read it at any time.
    const temporary = `${this.#file}.${process.pid}`;
    writeFileSync(temporary, JSON.stringify({ version, facts: [...facts] }));
    renameSync(temporary, this.#file);
  }

  #read(): ReadonlyMap<string, FileFacts> {
    try {
      const stored = JSON.parse(readFileSync(this.#file, "utf8")) as { version: string; facts: [string, FileFacts][] };
      return new Map(stored.version === version ? stored.facts : []);
    } catch {
      return new Map();
    }
  }
}
