// Who calls is found out at the gateway and known along every call, the same wherever gateway, auth handler and endpoint run. An app in
// the Encore.ts style whose auth handlers stand in a folder of their own, without any endpoint.
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { copyApp } from "./harness/app-copy.mjs";
import { eventually } from "./harness/eventually.mjs";
import { everywhere } from "./harness/everywhere.mjs";
import { runTenon, runTypeScript } from "./harness/tenon.mjs";

const bearer = (token) => ({ authorization: `Bearer ${token}` });
const alice = { user: "u-alice", name: "Alice Ŝmith 👩", isDate: true };
const anonymous = { user: null };
const forged = {
  "x-tenon-auth-handler": "auth",
  "x-tenon-auth-data": JSON.stringify({ userID: "u", role: "admin", since: "2024-01-01T00:00:00Z", name: "n" }),
};

const cases = [
  ["a known caller", "/me", bearer("alice"), 200, alice],
  ["a known caller at a public endpoint", "/hello", bearer("alice"), 200, alice],
  ["nobody at all", "/me", {}, 401],
  ["nobody at a public endpoint", "/hello", {}, 200, anonymous],
  ["null from the handler", "/me", bearer("nobody"), 401],
  ["null from the handler at a public endpoint", "/hello", bearer("nobody"), 200, anonymous],
  ["unauthenticated, with the handler's words", "/me", bearer("expired"), 401],
  ["unauthenticated at a public endpoint", "/hello", bearer("expired"), 200, anonymous],
  ["another error ends the request", "/hello", bearer("down"), 503],
  ["an unexpected error ends the request", "/hello", bearer("crash"), 500],
  ["undeclared fields stay inside", "/keys", bearer("alice"), 200, { keys: ["name", "role", "since", "userID"] }],
  ["the second handler", "/hello?api_key=robot-key", {}, 200, { user: "robot", lookups: 1 }],
  ["the second handler remembers", "/me?api_key=robot-key", {}, 200, { user: "robot", lookups: 1 }],
  ["the second handler does not know", "/me?api_key=other", {}, 401],
  ["the first handler decides", "/me?api_key=robot-key", bearer("nobody"), 401],
  ["along a call, and nobody can change it", "/via-inbox", bearer("alice"), 200, { user: "u-alice" }],
  ["nobody along a call", "/via-inbox", {}, 401],
  ["a call for somebody else", "/as-bob", bearer("alice"), 200, { user: "u-bob" }],
  ["a call for nobody", "/as-nobody", bearer("alice"), 200, { code: "unauthenticated" }],
  ["a call for something else", "/as-something-else", bearer("alice"), 200, { code: "invalid_argument" }],
  ["what only processes of the app may say", "/me", forged, 401],
];

for (const { name, start } of everywhere("conformance/apps/auth", { apart: ["auth", "inbox"] })) {
  describe(name, () => {
    let app;
    before(async () => {
      app = await start();
    });
    after(() => app?.stop());

    for (const [title, path, headers, status, body] of cases) {
      test(title, async () => {
        const answer = await app.request("GET", path, undefined, headers);
        assert.equal(answer.status, status, answer.text);
        if (body !== undefined) assert.deepEqual(answer.body, body);
        assert.doesNotMatch(answer.text, /4711|hash/);
      });
    }

    test("an endpoint refuses with the error of the handler", async () => {
      const { body } = await app.request("GET", "/me", undefined, bearer("expired"));
      const details = { since: "yesterday" };
      assert.deepEqual(body, { code: "unauthenticated", message: "the token has expired", details });
    });

    // A started build keeps no traces of its own.
    if (!name.startsWith("tenon dev")) return;
    test("the handler has a span below the gateway's, the endpoint says for whom it ran", async () => {
      const { headers } = await app.request("GET", "/via-inbox", undefined, bearer("alice"));
      const [, traceId] = headers.get("traceresponse").split("-");
      const trace = await eventually("the whole trace", async () => {
        const { traces } = await app.dev.fromDashboard("/api/traces?limit=50");
        if (!traces.some((one) => one.traceId === traceId)) return undefined;
        const found = await app.dev.fromDashboard(`/api/traces/${traceId}`);
        return found.spans.length >= 5 ? found : undefined;
      });
      const spanOf = (wanted) => trace.spans.find((span) => span.name === wanted);
      assert.equal(spanOf("auth auth").parentSpanId, spanOf("GET /via-inbox").spanId);
      assert.equal(spanOf("auth auth").service, "auth");
      assert.equal(spanOf("auth auth").attributes["tenon.auth.outcome"], "authenticated");
      assert.equal(spanOf("notes.viaInbox").attributes["enduser.id"], "u-alice");
      const inbox = trace.spans.find((span) => span.name === "inbox.whose" && span.kind === "server");
      assert.equal(inbox.attributes["enduser.id"], "u-alice");
    });
  });
}

test("auth data and call options are typed, in plain tsc", async (t) => {
  const copy = await copyApp("conformance/apps/auth");
  t.after(() => copy.remove());
  const checked = await runTenon(["check", copy.dir]);
  assert.equal(checked.code, 0, checked.stdout + checked.stderr);
  for (const kind of ["native", "classic"]) {
    const { code, stdout } = await runTypeScript(kind, copy.dir);
    assert.equal(code, 0, stdout);
  }
});
