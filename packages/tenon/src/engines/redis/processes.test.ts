// What several processes rely on, with real ones over the development server and over a real Redis: one holder of a lock at a time, also
// when holders are killed, and one load for all.
import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import type { ProcessOptions } from "./cache-process.test.support.ts";
import { type Engine, engines, eventually } from "./cache-servers.test.support.ts";
import { CacheWorker } from "./cache-worker.test.support.ts";

/** Sees every entering and leaving in the order in which they happen, since those who do wait until it has. */
class Witness {
  #holder: CacheWorker | undefined;
  #lastToken = 0;
  entered = 0;

  enter(worker: CacheWorker, token: number): void {
    assert.equal(this.#holder, undefined, `${worker.label} got the lock while ${this.#holder?.label} held it`);
    assert.ok(token > this.#lastToken, `the token ${token} is not larger than ${this.#lastToken}`);
    this.#holder = worker;
    this.#lastToken = token;
    this.entered++;
  }

  leave(worker: CacheWorker): void {
    assert.equal(this.#holder, worker);
    this.#holder = undefined;
  }
}

let run = 0;

for (const { name, start, skip } of engines) {
  describe(name, { skip }, () => {
    let engine: Engine;
    before(async () => {
      engine = await start();
    });
    after(() => engine.stop());
    const options = (label: string): ProcessOptions => ({ server: engine.server, keys: `run-${run}`, label });

    it("gives a lock to one process at a time", async (t) => {
      run++;
      const witness = new Witness();
      const rounds = 100;
      const follow = async (worker: CacheWorker) => {
        worker.tell({ do: "lock", rounds, ttlMs: 30_000 });
        for (;;) {
          const { word, value } = await worker.next();
          if (word === "enter") witness.enter(worker, value as number);
          else if (word === "leave") witness.leave(worker);
          else return assert.equal(word, "done", String(value));
          worker.letGo();
        }
      };
      const workers = await Promise.all(["a", "b", "c"].map((label) => CacheWorker.start(t, options(label))));
      await Promise.all(workers.map(follow));
      assert.equal(witness.entered, 3 * rounds);
    });

    it("gives the lock of a killed holder to the next, once its time is over", async (t) => {
      run++;
      const witness = new Witness();
      const ttlMs = 700;
      const survivor = await CacheWorker.start(t, options("survivor"));
      for (let round = 0; round < 3; round++) {
        const victim = await CacheWorker.start(t, options(`victim ${round}`));
        victim.tell({ do: "lock", rounds: 1, ttlMs });
        witness.enter(victim, (await victim.expect("enter")) as number);
        survivor.tell({ do: "lock", rounds: 1, ttlMs: 30_000 });
        await victim.kill();
        witness.leave(victim);
        witness.enter(survivor, (await survivor.expect("enter")) as number);
        survivor.letGo();
        await survivor.expect("leave");
        witness.leave(survivor);
        survivor.letGo();
        await survivor.expect("done");
        survivor.letGo();
      }
      assert.equal(witness.entered, 6);
    });

    it("loads once in all processes", async (t) => {
      run++;
      const workers = await Promise.all(["a", "b", "c"].map((label) => CacheWorker.start(t, options(label))));
      for (const worker of workers) worker.tell({ do: "load", key: "once", value: worker.label });
      await eventually(async () => workers.some((worker) => worker.hasSaid));
      const loader = workers.find((worker) => worker.hasSaid)!;
      await loader.expect("loading");
      loader.letGo();
      // A second load would be said instead.
      for (const worker of workers) assert.equal(await worker.expect("loaded"), loader.label);
    });

    it("loads again where a load failed, or died", async (t) => {
      run++;
      const [a, b, c] = (await Promise.all(["a", "b", "c"].map((label) => CacheWorker.start(t, options(label))))) as [
        CacheWorker,
        CacheWorker,
        CacheWorker,
      ];
      a.tell({ do: "load", key: "first", value: "a", fails: true });
      await a.expect("loading");
      b.tell({ do: "load", key: "first", value: "b" });
      a.letGo();
      assert.equal(await a.expect("failed"), "the load failed");
      await b.expect("loading");
      // While it loads and dies, another one waits.
      c.tell({ do: "load", key: "first", value: "c" });
      await b.kill();
      await c.expect("loading");
      c.letGo();
      assert.equal(await c.expect("loaded"), "c");
    });
  });
}
