// Uploads that are being completed or have been: a client that lost the answer asks again, and gets the same one.
import type { ObjectAttrs } from "@tenon/runtime";

/** Older ones are forgotten. */
const mostRemembered = 1_000;

export class Completions {
  readonly #known = new Map<string, Promise<ObjectAttrs>>();

  /** undefined: nobody has asked for it yet, or it failed. */
  find(id: string, name: string): Promise<ObjectAttrs> | undefined {
    return this.#known.get(keyOf(id, name));
  }

  run(id: string, name: string, work: () => Promise<ObjectAttrs>): Promise<ObjectAttrs> {
    const key = keyOf(id, name);
    const running = this.#known.get(key) ?? work();
    this.#known.set(key, running);
    running.catch(() => this.#known.delete(key));
    const [oldest] = this.#known.keys();
    if (this.#known.size > mostRemembered && oldest !== undefined) this.#known.delete(oldest);
    return running;
  }
}

function keyOf(id: string, name: string): string {
  return `${id}/${name}`;
}
