// Engines that break a promise, under the same load and the same kills: the checker finds each of them out.
import assert from "node:assert/strict";
import { fileURLToPath } from "node:url";
import { describe, test } from "node:test";
import { Random } from "./random.mjs";
import { playRound } from "./round.mjs";
import { Stage } from "./stage.mjs";

/** Rounds until it must have come out: each has its chance, whatever the machine does meanwhile. */
const patience = 20;
const bugs = { "publishes-later": "lost", "acknowledges-early": "out of order", "renames-repeats": "effect doubled" };

describe("planted bugs", () => {
  for (const [bug, kind] of Object.entries(bugs)) {
    test(`an engine that ${bug.replace("-", " ")} is caught: ${kind}`, async (t) => {
      const module = fileURLToPath(new URL(`planted/${bug}.mjs`, import.meta.url));
      const stage = await Stage.open({ engine: "postgres", pubsub: (real) => ({ ...real, type: "module", module }) });
      t.after(() => stage.close());
      const seed = Date.now();
      t.diagnostic(`seed ${seed}`);
      const found = [];
      for (let round = 1; round <= patience && !found.some((one) => one.kind === kind); round++) {
        const random = new Random(`${seed} ${round}`);
        const { violations } = await playRound(stage, { name: `r${round}`, kills: 5, random, settleMs: 5_000 });
        found.push(...violations);
      }
      const caught = found.find((one) => one.kind === kind);
      assert.ok(caught !== undefined, `found only ${JSON.stringify(found.map(({ text }) => text))}`);
      t.diagnostic([caught.text, ...caught.around.map((event) => JSON.stringify(event))].join("\n"));
    });
  }
});
