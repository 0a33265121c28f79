// Remembers made texts on disk by name: an index that says what each was made from, and the texts themselves, which are read only
// when somebody wants them. A file that is missing, cut off or of another version is as good as none.
import { join } from "node:path";
import { asObject } from "../../app/read-jsonc.ts";
import { hashOf } from "./file-hashes.ts";
import { readIfExists, writeIfChanged } from "./write-if-changed.ts";

/** A text known by its hash. */
export interface MadeText {
  readonly hash: string;
  read(): Promise<string>;
}

export interface TextCache<Source> {
  /** What the text of that name was made from. */
  sourceOf(name: string): Promise<Source | null>;
  /** The text that `sourceOf` speaks of. `make` gives it once more should it be lost. */
  find(name: string, make: () => Promise<string>): Promise<MadeText>;
  put(name: string, source: Source, text: string): Promise<MadeText>;
  /** Writes the index when it changed. */
  save(): Promise<void>;
}

interface Entry<Source> {
  readonly hash: string;
  readonly source: Source;
}

/** `settingsKey` stands for everything that all of the texts depend on. */
export function createTextCache<Source>(dir: string, settingsKey: string): TextCache<Source> {
  const indexFile = join(dir, "index.json");
  const textFile = (name: string) => join(dir, `${name}.txt`);
  let loading: Promise<Map<string, Entry<Source>>> | null = null;
  let isChanged = false;

  function entries(): Promise<Map<string, Entry<Source>>> {
    loading ??= readIfExists(indexFile).then((text) => parseIndex<Source>(text, settingsKey));
    return loading;
  }

  return {
    sourceOf: async (name) => (await entries()).get(name)?.source ?? null,
    async find(name, make) {
      const hash = (await entries()).get(name)?.hash ?? "";
      return {
        hash,
        read: async () => {
          const text = await readIfExists(textFile(name));
          return text !== null && hashOf(text) === hash ? text : make();
        },
      };
    },
    async put(name, source, text) {
      const hash = hashOf(text);
      await writeIfChanged(textFile(name), text);
      (await entries()).set(name, { hash, source });
      isChanged = true;
      return { hash, read: async () => text };
    },
    async save() {
      if (!isChanged) return;
      isChanged = false;
      await writeIfChanged(indexFile, JSON.stringify({ settingsKey, entries: [...(await entries())] }));
    },
  };
}

function parseIndex<Source>(text: string | null, settingsKey: string): Map<string, Entry<Source>> {
  try {
    const stored = asObject(JSON.parse(text ?? "null"));
    return new Map(stored?.["settingsKey"] === settingsKey ? (stored["entries"] as [string, Entry<Source>][]) : []);
  } catch {
    return new Map();
  }
}
