// Errors with types of their own: the same for clients outside, for services in the same process and in another one.
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { copyApp } from "./harness/app-copy.mjs";
import { everywhere } from "./harness/everywhere.mjs";
import { runTenon, runTypeScript } from "./harness/tenon.mjs";

const retryAt = "2026-01-02T03:04:05.000Z";

/** how -> status and body outside, what another service makes of it. */
const cases = {
  short: [
    400,
    {
      code: "failed_precondition",
      message: "not enough money",
      details: { missing: "12345678901234567890", retryAt },
      type: "insufficient_funds",
    },
    { kind: "insufficient", missing: "12345678901234567890", retryAt, hasCause: false },
  ],
  closed: [
    400,
    { code: "failed_precondition", message: "the account is closed", details: null, type: "closed" },
    { kind: "closed", code: "failed_precondition" },
  ],
  wrong: [
    400,
    {
      code: "failed_precondition",
      message: "details of another kind",
      details: { missing: "much" },
      type: "insufficient_funds",
    },
    { kind: "other", code: "failed_precondition", details: { missing: "much" }, hasCause: false },
  ],
  plain: [
    404,
    { code: "not_found", message: "no such account", details: { account: 7 } },
    { kind: "other", code: "not_found", details: { account: 7 }, hasCause: false },
  ],
  undetailed: [
    409,
    { code: "aborted", message: "somebody else was faster", details: { tries: 3 } },
    { kind: "other", code: "aborted", details: { tries: 3 }, hasCause: false },
  ],
  unexpected: [
    500,
    { code: "internal", message: "an internal error occurred", details: null },
    { kind: "other", code: "internal", details: null, hasCause: false },
  ],
};

for (const { name, start } of everywhere("conformance/apps/errors", { apart: ["bank"] })) {
  describe(name, () => {
    let app;
    before(async () => {
      app = await start();
    });
    after(() => app?.stop());

    for (const [how, [status, body, seen]] of Object.entries(cases)) {
      test(how, async () => {
        const outside = await app.request("POST", `/withdraw/${how}`, {});
        assert.equal(outside.status, status);
        assert.deepEqual(outside.body, body);
        assert.deepEqual((await app.request("GET", `/attempt/${how}`)).body, seen);
        assert.doesNotMatch(outside.text, /4711/);
      });
    }
  });
}

test("declared errors are in the graph and in the comments of clients, and typed", async (t) => {
  const copy = await copyApp("conformance/apps/errors");
  t.after(() => copy.remove());
  const graph = JSON.parse((await runTenon(["graph", copy.dir])).stdout);
  const { errors } = graph.services.find(({ name }) => name === "bank").endpoints[0];
  assert.deepEqual(
    errors.map(({ code, type }) => [code, type]),
    [
      ["failed_precondition", "insufficient_funds"],
      ["failed_precondition", "closed"],
    ],
  );
  assert.deepEqual([errors[0].details, errors[1].details], [{ kind: "ref", name: "Shortage" }, undefined]);
  for (const kind of ["native", "classic"]) {
    const { code, stdout } = await runTypeScript(kind, copy.dir);
    assert.equal(code, 0, stdout);
  }
});
