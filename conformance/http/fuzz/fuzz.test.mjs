// A short run of the fuzzing, and whether the fuzzing itself would notice anything. `npm run fuzz` in bench/ is the long one.
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { framingRules } from "../../../packages/runtime/dist/http/framing-error.js";
import { compareReadings } from "./compare.mjs";
import { corpus } from "./corpus.mjs";
import { readFast } from "./fast-reader.mjs";
import { BATCH, Fuzzing, inputOf, SENTINEL } from "./fuzz.mjs";
import { NodeReader } from "./node-reader.mjs";

/** The splitting makes two hundred readings of each. */
const INPUTS = 2_000;

const tell = (findings) =>
  findings
    .slice(0, 5)
    .map(({ seed, kind, text }) => `seed ${seed}: ${kind}\n${JSON.stringify(text)}`)
    .join("\n\n");

describe("fuzzing against node:http", () => {
  test("what it has found before", async () => {
    const fuzzing = new Fuzzing();
    await fuzzing.runTexts(corpus.map(({ text }) => text + SENTINEL));
    assert.equal(fuzzing.findingCount, 0, tell(fuzzing.findings));
  });

  test(`${INPUTS} mutated requests, split at every byte`, async () => {
    const fuzzing = new Fuzzing();
    for (let seed = 0; seed < INPUTS; seed += BATCH) await fuzzing.run(seed, seed + BATCH);
    assert.equal(fuzzing.findingCount, 0, tell(fuzzing.findings));
    const { inputs, splits, verdicts, rules } = fuzzing.counts;
    assert.equal(inputs, INPUTS);
    assert.ok(splits > 50 * INPUTS);
    // Both must have taken many and refused many, or the mutations say nothing.
    assert.ok(verdicts.same > INPUTS / 2, JSON.stringify(verdicts));
    for (const rule of Object.keys(rules)) assert.ok(rule in framingRules, `${rule} has no name in the list`);
  });

  test("a seed is one input for ever", () => {
    assert.equal(inputOf(17), inputOf(17));
    assert.notEqual(inputOf(17), inputOf(18));
  });
});

describe("the judge", () => {
  const good = "POST /a?b HTTP/1.1\r\nhost: x\r\nx-a: 1\r\ncontent-length: 3\r\n\r\nabc";
  const judge = async (forNode, forFast) => {
    const [node] = await new NodeReader().readAll([forNode + SENTINEL]);
    return compareReadings(node, readFast([Buffer.from(forFast + SENTINEL, "latin1")])).kind;
  };

  test("same bytes are understood the same", async () => assert.equal(await judge(good, good), "same"));

  for (const [what, other, kind] of [
    ["method", good.replace("POST", "PUT"), /method/],
    ["path", good.replace("/a", "/c"), /target/],
    ["query", good.replace("?b", "?c"), /target/],
    ["header", good.replace("x-a: 1", "x-a: 2"), /headers/],
    ["missing header", good.replace("x-a: 1\r\n", ""), /headers/],
    ["body", good.replace("abc", "abd"), /body/],
    ["place of the next request", good.replace("h: 3", "h: 2").replace("abc", "ab"), /headers|body/],
    ["end", good.replace("x-a: 1", "connection: close"), /headers/],
  ]) {
    test(`another ${what} is a finding`, async () =>
      assert.match(await judge(good, other), new RegExp(`FINDING.*${kind.source}`)));
  }

  test("taking what node:http refuses is a finding", async () => {
    assert.match(await judge(good.replace("h: 3", "h: +3"), good), /FINDING: taken/);
  });

  test("missing a request is a finding", async () => assert.match(await judge(good + good, good), /FINDING/));

  test("refusing what node:http takes has a reason", async () => {
    assert.equal(await judge(good, good.replace("h: 3", "h: 03")), "stricter");
  });
});
