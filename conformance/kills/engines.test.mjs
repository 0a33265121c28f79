// kill -9 of publishers, the relay, consumers, the engine and the databases under load, on each engine: nothing acknowledged is lost,
// nothing with exactly-once effect is doubled, keys keep their order. A short form of `npm run kills` in bench/.
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { engines } from "./engines.mjs";
import { Random } from "./random.mjs";
import { playRound } from "./round.mjs";
import { Stage } from "./stage.mjs";

const kills = 15;

for (const [engine, { missing }] of Object.entries(engines)) {
  describe(`kills on ${engine}`, { skip: missing }, () => {
    let stage;
    before(async () => {
      stage = await Stage.open({ engine });
    });
    after(() => stage?.close());

    test(`${kills} kills under load`, async (t) => {
      const seed = Date.now();
      t.diagnostic(`seed ${seed}`);
      const round = await playRound(stage, { name: "r1", kills, random: new Random(seed) });
      t.diagnostic(JSON.stringify({ ...round, violations: round.violations.length }));
      assert.deepEqual(round.violations, []);
      assert.ok(round.counts.acknowledged > 0 && round.counts.handled > 0);
    });
  });
}
