// What files declare, on disk by the hash of their text, so that an unchanged file is not parsed at every start. Losing it costs time
// and nothing else.
import { mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import type { FileFacts } from "./declarations.ts";

/** Raise when facts of the same text come out differently. */
const version = "1 rolldown@1.3.2";

export class FactsCache {
  readonly #file: string;
  #stored: ReadonlyMap<string, FileFacts> | null = null;
  #used = new Map<string, FileFacts>();
  #isSaved = false;

  constructor(file: string) {
    this.#file = file;
  }

  get(key: string, read: () => FileFacts): FileFacts {
    this.#stored ??= this.#read();
    const facts = this.#used.get(key) ?? this.#stored.get(key) ?? read();
    if (!this.#isSaved) this.#used.set(key, facts);
    return facts;
  }

  /** Keeps what was used so far. Only the first call does something: the few files edited later are parsed at the next start. */
  save(): void {
    if (this.#isSaved) return;
    this.#isSaved = true;
    const [stored, used] = [this.#stored ?? new Map<string, FileFacts>(), this.#used];
    this.#stored = used;
    this.#used = new Map();
    if (used.size === stored.size && [...used.keys()].every((key) => stored.has(key))) return;
    mkdirSync(dirname(this.#file), { recursive: true });
    // Another process may read it at any time.
    const temporary = `${this.#file}.${process.pid}`;
    writeFileSync(temporary, JSON.stringify({ version, facts: [...used] }));
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
