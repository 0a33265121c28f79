// The history of a run on disk: clients, handlers and the nemesis append to one file, so that the order of its lines is the order of what
// happened in all processes.
import { closeSync, openSync, readSync, writeSync } from "node:fs";

const chunkBytes = 1 << 20;

export class History {
  #written;
  #read;
  #offset = 0;
  #rest = Buffer.alloc(0);

  constructor(file) {
    this.file = file;
    this.#written = openSync(file, "a");
    this.#read = openSync(file, "r");
  }

  record(event) {
    writeSync(this.#written, `${JSON.stringify(event)}\n`);
  }

  /** The events since the last time. */
  takeNew() {
    const lines = [];
    const chunk = Buffer.alloc(chunkBytes);
    for (;;) {
      const count = readSync(this.#read, chunk, 0, chunkBytes, this.#offset);
      if (count === 0) return lines.map((line) => JSON.parse(line));
      this.#offset += count;
      const text = Buffer.concat([this.#rest, chunk.subarray(0, count)]);
      const end = text.lastIndexOf(10) + 1;
      this.#rest = Buffer.from(text.subarray(end));
      if (end > 0) lines.push(...text.toString("utf8", 0, end - 1).split("\n"));
    }
  }

  close() {
    closeSync(this.#written);
    closeSync(this.#read);
  }
}
