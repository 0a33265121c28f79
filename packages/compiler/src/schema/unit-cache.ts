// Results of type analysis on disk, by the hash of everything they depend on. Losing the file costs time and nothing else.
import { mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import type { UnitResult } from "./unit.ts";

export class UnitCache {
  readonly #file: string;
  #stored: Map<string, UnitResult> | null = null;
  /** Asked for or set since the last save; only these are kept. */
  #used = new Map<string, UnitResult>();
  #isChanged = false;

  constructor(file: string) {
    this.#file = file;
  }

  get(key: string): UnitResult | undefined {
    this.#stored ??= read(this.#file);
    const result = this.#stored.get(key);
    if (result !== undefined) this.#used.set(key, result);
    return result;
  }

  set(key: string, result: UnitResult): void {
    this.#used.set(key, result);
    this.#isChanged = true;
  }

  /** Call after a whole analysis: what was not used in it is dropped. */
  save(): void {
    const isSame = !this.#isChanged && this.#used.size === this.#stored?.size;
    this.#stored = this.#used;
    this.#used = new Map();
    this.#isChanged = false;
    if (isSame) return;
    mkdirSync(dirname(this.#file), { recursive: true });
    // Another process may read it at any time.
    const temporary = `${this.#file}.${process.pid}`;
    writeFileSync(temporary, JSON.stringify([...this.#stored]));
    renameSync(temporary, this.#file);
  }
}

function read(file: string): Map<string, UnitResult> {
  try {
    return new Map(JSON.parse(readFileSync(file, "utf8")) as [string, UnitResult][]);
  } catch {
    return new Map();
  }
}
