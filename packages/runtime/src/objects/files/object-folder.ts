// One object in its folder. What it is at the moment is said by the file `at-<number>` with the highest number: a link to a description, or
// the note that the object was removed. Whoever changes the object makes the next number with link(2), which fails when somebody else was
// first; so writers in any number of processes agree without a lock, and one that is killed leaves nothing half done.
//
//   at-7 ──> { name, size, etag, version: "b1…" }     the object; the number only ever grows
//   b1…                                               its bytes
//   a0….json, a0…                                     an earlier version, where versions are kept
import { randomUUID } from "node:crypto";
import { link, readdir, readFile, rename, rmdir, stat, unlink } from "node:fs/promises";
import { dirname, join } from "node:path";
import { clock } from "../../clock/clock.ts";
import { isMissing, makeFolder, syncFolder, writeDurably } from "./durable-files.ts";
import type { StoredObject } from "./stored-object.ts";

/** A process that has not come to its end within this time has been killed. */
export const leftoverAgeMs = 24 * 60 * 60 * 1000;

const GENERATION = /^at-(\d+)$/;
const VERSION = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
const REMOVED = JSON.stringify({ removed: true });

/** Throws when the object must not change from what it is. */
type Allow = (before: StoredObject | undefined) => void;

interface Generation {
  readonly number: number;
  /** undefined: there is none. */
  readonly object: StoredObject | undefined;
}

export class ObjectFolder {
  readonly path: string;
  readonly #isVersioned: boolean;

  constructor(path: string, isVersioned: boolean) {
    this.path = path;
    this.#isVersioned = isVersioned;
  }

  async current(): Promise<StoredObject | undefined> {
    return (await this.#latest()).object;
  }

  async version(version: string): Promise<StoredObject | undefined> {
    if (!VERSION.test(version)) return undefined;
    const current = await this.current();
    if (current?.version === version) return current;
    return await readFile(join(this.path, `${version}.json`), "utf8").then(parse, ifMissing);
  }

  dataOf({ version }: StoredObject): string {
    return join(this.path, version);
  }

  /**
   * Makes `object` the current one, with the bytes of the file at `data`. `allow` throws when it must not be. Throws Overtaken only where
   * there is an `allow`.
   */
  async put(object: StoredObject, data: string, allow?: Allow): Promise<void> {
    const place = this.dataOf(object);
    await this.#take(data, place);
    let number: number;
    try {
      number = await this.#advance(object, allow);
    } catch (error) {
      await unlink(place).catch(() => {});
      throw error;
    }
    // From here on its bytes are the object, whatever fails.
    await this.#settle(number, object.version);
  }

  async remove(): Promise<void> {
    if ((await this.current()) === undefined) return;
    await this.#settle(await this.#advance(undefined, undefined), undefined);
  }

  async removeVersion(version: string): Promise<void> {
    const object = await this.version(version);
    if (object === undefined) return;
    const isCurrent = (before: StoredObject | undefined) => {
      if (before?.version !== version) throw new Superseded();
    };
    try {
      await this.#settle(await this.#advance(undefined, isCurrent), undefined);
    } catch (error) {
      // It is not the current one then, either way.
      if (!(error instanceof Superseded || error instanceof Overtaken)) throw error;
    }
    await this.#forget(version);
  }

  /** Removes the folder of an object that was removed long ago. */
  async removeIfGone(nowMs: number): Promise<void> {
    const { number, object } = await this.#latest();
    const names = await this.#names();
    if (object !== undefined || names.some((name) => !GENERATION.test(name))) return;
    // As long as somebody may still hold the number, it must not begin anew.
    if (number > 0) await removeIfOld(join(this.path, `at-${number}`), nowMs);
    await rmdir(this.path).catch(() => {});
  }

  async #latest(): Promise<Generation> {
    for (;;) {
      const number = Math.max(0, ...(await this.#names()).map(numberOf));
      if (number === 0) return { number, object: undefined };
      try {
        return { number, object: parse(await readFile(join(this.path, `at-${number}`), "utf8")) };
      } catch (error) {
        // A newer one has taken its place meanwhile.
        if (!isMissing(error)) throw error;
      }
    }
  }

  async #names(): Promise<string[]> {
    return await readdir(this.path).catch((error: unknown) => {
      if (isMissing(error)) return [];
      throw error;
    });
  }

  async #take(data: string, place: string): Promise<void> {
    await makeFolder(this.path);
    try {
      await rename(data, place);
    } catch (error) {
      if (!isMissing(error)) throw error;
      // The folder of a removed object was tidied away just now.
      await makeFolder(this.path);
      await rename(data, place);
    }
  }

  /** The number that is ours now. */
  async #advance(object: StoredObject | undefined, allow: Allow | undefined): Promise<number> {
    const draft = join(dirname(this.path), `.draft-${randomUUID()}`);
    await writeDurably(draft, object === undefined ? REMOVED : JSON.stringify(object));
    try {
      return await this.#claim(draft, object?.version, allow);
    } finally {
      await unlink(draft).catch(() => {});
    }
  }

  async #settle(number: number, current: string | undefined): Promise<void> {
    await syncFolder(this.path);
    // What cannot be tidied now is tidied by the next writer.
    await this.#tidy(number, current).catch(() => {});
  }

  async #claim(draft: string, version: string | undefined, allow: Allow | undefined): Promise<number> {
    for (;;) {
      const { number, object } = await this.#latest();
      allow?.(object);
      if (this.#isVersioned && object !== undefined) await this.#keep(number, object);
      const next = number + 1;
      const path = join(this.path, `at-${next}`);
      try {
        await link(draft, path);
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
        continue;
      }
      if (await this.#follows(number, next, version)) return next;
      if (this.#isVersioned) await unlink(path).catch(() => {});
      else {
        await this.#removeGeneration(path);
        // Without a condition that is as if the others had come right after.
        if (allow === undefined) return next;
        throw new Overtaken();
      }
    }
  }

  /**
   * Whether the number `next` came behind the one that was seen. A writer that stood still in between can have taken a number that others
   * had used and tidied away. Lower numbers are tidied first, so with `seen` still there nobody has; and an overtaken one is never the highest.
   */
  async #follows(seen: number, next: number, version: string | undefined): Promise<boolean> {
    const names = await this.#names();
    const isKept = version !== undefined && names.includes(`${version}.json`);
    return isKept || names.includes(`at-${seen}`) || !names.some((name) => numberOf(name) > next);
  }

  /** The description of a version that is about to be an earlier one. */
  async #keep(number: number, { version }: StoredObject): Promise<void> {
    await link(join(this.path, `at-${number}`), join(this.path, `${version}.json`)).catch((error: unknown) => {
      // Another writer has done it, or is further already.
      if ((error as NodeJS.ErrnoException).code !== "EEXIST" && !isMissing(error)) throw error;
    });
  }

  /** Removes the numbers before this one with their bytes, unless versions are kept, and bytes that a killed process has left. */
  async #tidy(number: number, current: string | undefined): Promise<void> {
    const names = (await this.#names()).sort((a, b) => numberOf(a) - numberOf(b));
    for (const name of names) {
      const path = join(this.path, name);
      const before = numberOf(name);
      if (before > 0 && before < number) await this.#removeGeneration(path);
      const isOrphan = VERSION.test(name) && name !== current && !names.includes(`${name}.json`);
      if (isOrphan) await removeIfOld(path, clock().now());
    }
  }

  async #removeGeneration(path: string): Promise<void> {
    const object = this.#isVersioned ? undefined : await readFile(path, "utf8").then(parse, ifMissing);
    // The bytes first: what names them is the only trace of them.
    if (object !== undefined) await unlink(this.dataOf(object)).catch(() => {});
    await unlink(path).catch(() => {});
  }

  async #forget(version: string): Promise<void> {
    for (const file of [version, `${version}.json`]) await unlink(join(this.path, file)).catch(() => {});
  }
}

class Superseded extends Error {}

/** Others have written since; whether this write came before them, so that its condition held, cannot be told. */
export class Overtaken extends Error {}

function numberOf(name: string): number {
  return Number(GENERATION.exec(name)?.[1] ?? 0);
}

function parse(text: string): StoredObject | undefined {
  const described = JSON.parse(text) as StoredObject | { readonly removed: true };
  return "removed" in described ? undefined : described;
}

function ifMissing(error: unknown): undefined {
  if (isMissing(error)) return undefined;
  throw error;
}

async function removeIfOld(path: string, nowMs: number): Promise<void> {
  const { mtimeMs } = await stat(path).catch(() => ({ mtimeMs: nowMs }));
  if (nowMs - mtimeMs > leftoverAgeMs) await unlink(path).catch(() => {});
}
