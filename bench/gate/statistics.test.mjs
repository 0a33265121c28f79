// The gate's verdict on made-up measurements: what it must find, what it must let pass.
import assert from "node:assert/strict";
import { test } from "node:test";
import { chanceOfBeingEqual, judge } from "./statistics.mjs";

/** Numbers in [0, 1) that are the same in every run (mulberry32). */
function createRandom(seed) {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** Pairs of a noisy machine: 3 % of scatter, a slow minute that hits both of a pair, and one sample in ten that is disturbed alone. */
function measure({ pairs, slowdown, seed }) {
  const random = createRandom(seed);
  const scatter = () => {
    const normal = Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
    return Math.exp(0.03 * normal) * (random() < 0.1 ? 1 + random() : 1);
  };
  return Array.from({ length: pairs }, () => {
    const minute = 1 + 0.5 * random();
    return { base: 10 * minute * scatter(), head: 10 * slowdown * minute * scatter() };
  });
}

test("a planted slowdown of ten percent is found", () => {
  let found = 0;
  for (let seed = 1; seed <= 200; seed++) {
    if (judge(measure({ pairs: 60, slowdown: 1.1, seed })).isRegression) found++;
  }
  assert.ok(found >= 190, `found ${found} of 200`);
});

test("noise is no regression", () => {
  for (let seed = 1; seed <= 500; seed++) {
    const verdict = judge(measure({ pairs: 60, slowdown: 1, seed }));
    assert.equal(verdict.isRegression, false, `seed ${seed}: ${JSON.stringify(verdict)}`);
  }
});

test("a difference that is sure but small passes, and so does one that is large but seen twice only", () => {
  const small = judge(Array.from({ length: 40 }, (_, index) => ({ base: 100, head: 102 + index / 100 })));
  assert.ok(small.p < 1e-6);
  assert.equal(small.isRegression, false);
  assert.equal(judge([1, 2].map((base) => ({ base, head: base * 2 }))).isRegression, false);
});

test("an improvement is no regression", () => {
  assert.equal(judge(measure({ pairs: 60, slowdown: 0.7, seed: 7 })).isRegression, false);
});

test("the test is exact: signs and ranks of small samples", () => {
  assert.equal(chanceOfBeingEqual([1.1, 1.2, 1.3]), 1 / 8);
  assert.equal(chanceOfBeingEqual([1.1, 1.2, 1 / 1.3]), 5 / 8);
  assert.equal(chanceOfBeingEqual([1, 1, 1]), 1);
  // Two equal distances share the rank 1.5: the sums 0, 1.5, 1.5 and 3.
  assert.equal(chanceOfBeingEqual([2, 0.5]), 3 / 4);
});
