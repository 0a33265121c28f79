// What happened to the files of an app, and the sum of several such batches: edits that come in while a build runs become one next build.

export interface FileChanges {
  /** Absolute paths, sorted. */
  readonly changed: string[];
  readonly created: string[];
  readonly deleted: string[];
}

type Kind = keyof FileChanges;

/** Collects batches until somebody takes their sum. */
export class PendingChanges {
  readonly #kinds = new Map<string, Kind>();

  get isEmpty(): boolean {
    return this.#kinds.size === 0;
  }

  add(changes: FileChanges): void {
    for (const kind of ["changed", "created", "deleted"] as const) {
      for (const file of changes[kind]) this.#kinds.set(file, sumOf(this.#kinds.get(file), kind));
    }
  }

  /** Everything added since the last time. */
  take(): FileChanges {
    const of = (wanted: Kind): string[] =>
      [...this.#kinds]
        .filter(([, kind]) => kind === wanted)
        .map(([file]) => file)
        .sort();
    const sum = { changed: of("changed"), created: of("created"), deleted: of("deleted") };
    this.#kinds.clear();
    return sum;
  }
}

function sumOf(before: Kind | undefined, now: Kind): Kind {
  if (before === "created" && now === "changed") return "created";
  if (before === "deleted" && now === "created") return "changed";
  return now;
}
