// For this folder's tests: a process that works on a cache, as its parent sees it.
import assert from "node:assert/strict";
import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import type { TestContext } from "node:test";
import { fileURLToPath } from "node:url";
import type { Order, ProcessOptions, Saying } from "./cache-process.test.support.ts";

const processFile = fileURLToPath(new URL("./cache-process.test.support.js", import.meta.url));

/** One process, and what it says in the order of saying. It waits for `letGo` after each. */
export class CacheWorker {
  readonly label: string;
  readonly #child: ChildProcess;
  readonly #said: Saying[] = [];
  #listener: (() => void) | undefined;

  private constructor(context: TestContext, options: ProcessOptions) {
    this.label = options.label;
    this.#child = fork(processFile, [JSON.stringify(options)]);
    context.after(() => this.#child.kill("SIGKILL"));
    this.#child.on("message", (saying: Saying) => {
      this.#said.push(saying);
      this.#listener?.();
    });
  }

  static async start(context: TestContext, options: ProcessOptions): Promise<CacheWorker> {
    const worker = new CacheWorker(context, options);
    assert.equal((await worker.next()).word, "ready");
    worker.letGo();
    return worker;
  }

  get hasSaid(): boolean {
    return this.#said.length > 0;
  }

  async next(): Promise<Saying> {
    while (this.#said.length === 0) {
      await new Promise<void>((resolve) => {
        this.#listener = resolve;
      });
    }
    return this.#said.shift()!;
  }

  async expect(word: Saying["word"]): Promise<unknown> {
    const saying = await this.next();
    assert.equal(saying.word, word, `${this.label}: ${JSON.stringify(saying)}`);
    return saying.value;
  }

  tell(order: Order): void {
    this.#child.send(order);
  }

  letGo(): void {
    this.#child.send("go on");
  }

  pause(): void {
    this.#child.kill("SIGSTOP");
  }

  wake(): void {
    this.#child.kill("SIGCONT");
  }

  async kill(): Promise<void> {
    const gone = once(this.#child, "exit");
    this.#child.kill("SIGKILL");
    await gone;
  }
}
