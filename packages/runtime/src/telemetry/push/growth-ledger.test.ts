// What has grown since it is known to have arrived: nothing lost by a push that fails, nothing twice by one that arrives.
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { GrowthLedger, isHistogramGrowth } from "./growth-ledger.ts";
import { type Standing, standing } from "./readings.test.support.ts";

function grown(ledger: GrowthLedger, at: Standing) {
  const growths = ledger.growthOf(standing(at));
  const told = growths.map((growth) =>
    isHistogramGrowth(growth) ? [growth.about.name, growth.counts, growth.sum] : [growth.about.name, growth.value],
  );
  return { growths, told };
}

describe("the growth of metrics", () => {
  it("is what came since the last that arrived", () => {
    const ledger = new GrowthLedger();
    const first = grown(ledger, { placed: 3, seconds: { counts: [1, 0, 0], sum: 0.05 } });
    assert.deepEqual(first.told, [
      ["placed", 3],
      ["waiting", 2],
      ["took", [1, 0, 0], 0.05],
    ]);
    ledger.settle(first.growths);
    const second = grown(ledger, { placed: 5, waiting: 1, seconds: { counts: [1, 2, 1], sum: 4.05 } });
    assert.deepEqual(second.told, [
      ["placed", 2],
      ["waiting", 1],
      ["took", [0, 2, 1], 4],
    ]);
  });

  it("holds what did not arrive until it does", () => {
    const ledger = new GrowthLedger();
    grown(ledger, { placed: 3, seconds: { counts: [1, 0, 0], sum: 0.05 } });
    const again = grown(ledger, { placed: 4, seconds: { counts: [1, 1, 0], sum: 0.55 } });
    assert.deepEqual(again.told, [
      ["placed", 4],
      ["waiting", 2],
      ["took", [1, 1, 0], 0.55],
    ]);
  });

  it("leaves out what did not grow, but never a gauge", () => {
    const ledger = new GrowthLedger();
    const at = { placed: 3, waiting: 0, seconds: { counts: [1, 0, 0], sum: 0.05 } } as const;
    ledger.settle(grown(ledger, at).growths);
    assert.deepEqual(grown(ledger, at).told, [["waiting", 0]]);
  });
});
