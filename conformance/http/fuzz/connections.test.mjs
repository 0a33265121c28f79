// Mutated requests through whole connections, in many pieces and with answers at all times: handlers see what the parser sees, answers go
// out in order, and nothing stays under way.
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { framingRules } from "../../../packages/runtime/dist/http/framing-error.js";
import { ConnectionReader, readAnswers } from "./connection-reader.mjs";
import { readFast } from "./fast-reader.mjs";
import { inputOf } from "./fuzz.mjs";
import { Random } from "./random.mjs";

const INPUTS = 3_000;
const FIRST_SEED = 1_000_000_000;

describe("whole connections", () => {
  test(`${INPUTS} mutated inputs`, async () => {
    const reader = new ConnectionReader(new Random(7));
    const ends = {};
    for (let seed = FIRST_SEED; seed < FIRST_SEED + INPUTS; seed++) {
      // Several in a row, so that there is something to lose count of.
      const text = inputOf(seed) + inputOf(seed + INPUTS);
      const parsed = readFast([Buffer.from(text, "latin1")]);
      ends[parsed.end] = (ends[parsed.end] ?? 0) + 1;
      try {
        assertSame(await reader.read(text), parsed);
      } catch (error) {
        error.message = `seed ${seed}: ${error.message}\n${JSON.stringify(text)}`;
        throw error;
      }
    }
    for (const end of ["open", "refused", "closed", "left"])
      assert.ok(ends[end] > 10, `${end}: ${JSON.stringify(ends)}`);
  });
});

function assertSame({ seen, written, hasLeft, isEnded, underWay }, { requests, end, reason }) {
  assert.equal(hasLeft, end === "left");
  // One whose body is refused may be served with the part of it that came before, or not at all.
  const isRefusedInBody = end === "refused" && requests.at(-1)?.isComplete === false;
  const served = isRefusedInBody ? requests.slice(0, Math.max(seen.length, requests.length - 1)) : requests;
  assert.deepEqual(
    seen.map(({ state, ...request }) => ({ ...request, isComplete: state === "complete" })),
    served.map(({ method, path, query, headers, body, trailers, isComplete }) => {
      return { method, path, query, headers, body: isComplete ? body : "", trailers: { ...trailers }, isComplete };
    }),
  );
  const complete = requests.filter(({ isComplete }) => isComplete);
  const answers = readAnswers(written, seen);
  const expected = complete.map(({ method }, n) => ({ status: 200, body: method === "HEAD" ? "" : `answer ${n + 1}` }));
  if (end === "refused") expected.push({ status: framingRules[reason].status });
  assert.deepEqual(
    answers.map(({ status, body }) => (status === 200 ? { status, body } : { status })),
    expected,
  );
  assert.equal(isEnded, end === "refused" || end === "closed");
  assert.equal(answers.at(-1)?.isLast ?? false, isEnded);
  assert.equal(underWay, 0);
}
