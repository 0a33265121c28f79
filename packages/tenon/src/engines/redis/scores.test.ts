import assert from "node:assert/strict";
import { test } from "node:test";
import { Scores } from "./scores.ts";

test("members stay in order, whatever happens to their scores", () => {
  const scores = new Scores();
  let state = 7;
  const random = (below: number) => {
    state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0;
    return (state >>> 8) % below;
  };
  const values = [Number.NEGATIVE_INFINITY, -2, -0, 0, 1, 1.5, 7, Number.POSITIVE_INFINITY];
  for (let step = 0; step < 3_000; step++) {
    const member = `m${random(40)}`;
    if (random(3) === 0) scores.delete(member);
    else scores.set(member, values[random(values.length)]!);
    const expected = [...scores].sort((a, b) => (a[1] < b[1] ? -1 : a[1] > b[1] ? 1 : a[0] < b[0] ? -1 : 1));
    assert.deepEqual(
      scores.order.map(([name]) => name),
      expected.map(([name]) => name),
    );
    for (const [index, [name]] of expected.entries()) assert.equal(scores.rank(name), index);
  }
  assert.equal(scores.rank("nobody"), undefined);
});
