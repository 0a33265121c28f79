// The body of calls that every topology must give the same outcomes for, against apps/topology: what each must give, and a test for each.
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";

/** What each case must give; a function checks where the exact text is nobody's business. */
const expected = {
  "optional present": { value: "here" },
  "the other option": { value: { kind: "circle", radius: 1 } },
  "number of a union": { value: 5 },
  "unknown fields": { value: { text: "x", length: 1 } },
  "top-level array": { value: ["name 0", "name 1", "name 2"] },
  "top-level date": { value: { $: "Date", value: "2026-11-22T10:00:00.123Z" } },
  void: { value: { $: "undefined" } },
  mebibyte: { value: { same: true, length: 983_040 } },
  "arguments are copied": { value: { sum: 6, list: [1, 2, 3] } },
  "undeclared fields stay inside": { value: { name: "a" } },
  "200 at once": { value: true },
  "api error": { error: { apiError: true, code: "not_found", message: "no such thing", details: null } },
  "api error with details": {
    error: {
      apiError: true,
      code: "failed_precondition",
      message: "out of stock",
      details: { left: 2, items: ["a", "ü"] },
    },
  },
  "api error with a cause": { error: { apiError: true, code: "aborted", message: "lost a race", details: null } },
  everything({ value }) {
    assert.deepEqual(value, {
      text: 'Grüße, 世界 👩‍👩‍👧 \u2028 \u0000 "quoted"',
      count: -1.5e-7,
      yes: false,
      big: { $: "bigint", value: "1208925819614629174706176" },
      at: { $: "Date", value: "2024-02-29T23:59:59.999Z" },
      bytes: { $: "Uint8Array", value: [0, 1, 254, 255] },
      link: { $: "URL", value: "https://example.org/a%20b?c=d#e" },
      color: "green",
      nullable: null,
      list: [0, 0, 1e21],
      pair: ["only"],
      record: { a: 1, "b-c": 2, constructor: 3 },
      map: { $: "Map", value: [["k", { $: "Date", value: "1970-01-01T00:00:00.000Z" }]] },
      set: { $: "Set", value: [3, 1, 2] },
      shape: { kind: "square", side: 2 },
      dateOrNumber: { $: "Date", value: "1970-01-01T00:00:00.001Z" },
      tree: { value: "root", children: [{ value: "leaf", children: [] }] },
    });
  },
  "wrong everywhere": ({ error }) => {
    assert.equal(error.code, "invalid_argument");
    const paths = error.details.issues.map((issue) => issue.path);
    for (const path of ["text", "count", "big", "at", "color", "shape.kind", "tree.children"])
      assert.ok(paths.includes(path), `${path} in ${paths}`);
  },
  "missing fields": ({ error }) => {
    assert.equal(error.code, "invalid_argument");
    assert.ok(error.details.issues.filter((issue) => issue.code === "required").length >= 15);
  },
  "no request at all": ({ error }) => assert.equal(error.code, "invalid_argument"),
  "a response of the wrong type": ({ error }) => {
    assert.equal(error.code, "internal");
    assert.doesNotMatch(error.message, /three/);
  },
  "unknown error": ({ error }) => {
    assert.equal(error.apiError, true);
    assert.equal(error.code, "internal");
    assert.doesNotMatch(JSON.stringify(error), /4711/);
  },
  "thrown string": ({ error }) => assert.equal(error.code, "internal"),
  deadline: ({ error }) => assert.equal(error.code, "deadline_exceeded"),
  "aborted by the caller": ({ error }) => assert.equal(error.code, "canceled"),
};

/**
 * @param {string} topology
 * @param {() => Promise<{ gateway: string, stop(): Promise<void> }>} start
 * @returns {Record<string, unknown>} what the calls have given, once they are made, to be compared with `assertComplete` and others
 */
export function describeTopology(topology, start) {
  const outcomes = {};
  describe(`topology ${topology}`, () => {
    let app;
    before(async () => {
      app = await start();
    });
    after(() => app?.stop());

    test("the case list is what is expected here", async () => {
      const names = await (await fetch(`${app.gateway}/cases`)).json();
      assert.deepEqual(names.toSorted(), Object.keys(expected).toSorted());
    });

    for (const [name, expectation] of Object.entries(expected)) {
      test(name, async () => {
        const response = await fetch(`${app.gateway}/run`, {
          method: "POST",
          headers: { "content-type": "application/json" },
          body: JSON.stringify({ name }),
        });
        const { outcome } = await response.json();
        assert.equal(response.status, 200);
        outcomes[name] = outcome;
        if (typeof expectation === "function") expectation(outcome);
        else assert.deepEqual(outcome, expectation);
      });
    }

    test("private endpoints look like unknown ones from outside", async () => {
      const answers = [];
      for (const path of ["/echo.text", "/echo.nowhere", "/__tenon/call/echo/text"]) {
        const response = await fetch(`${app.gateway}${path}`, {
          method: "POST",
          headers: {
            "content-type": "application/json",
            "x-tenon-caller": "caller",
            "x-tenon-credential": "guess",
            "x-tenon-forwarded": "1",
          },
          body: '{"text":"x"}',
        });
        const { code, details } = await response.json();
        answers.push({ status: response.status, code, details });
      }
      assert.deepEqual(answers, Array(3).fill({ status: 404, code: "not_found", details: null }));
    });
  });
  return outcomes;
}

/** None of the calls was left out. */
export function assertComplete(outcomes) {
  assert.equal(Object.keys(outcomes).length, Object.keys(expected).length);
}
