// Middleware of a service and of the app, around requests from outside and around calls of other services, in every way of running.
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { copyApp } from "./harness/app-copy.mjs";
import { everywhere } from "./harness/everywhere.mjs";
import { runTenon, runTypeScript } from "./harness/tenon.mjs";

for (const { name, start } of everywhere("conformance/apps/middleware", { apart: ["stock"] })) {
  describe(name, () => {
    let app;
    before(async () => {
      app = await start();
    });
    after(() => app?.stop());

    test("order, data for the handler, and headers of all", async () => {
      const { status, body, headers } = await app.request("GET", "/plain/a");
      assert.equal(status, 200);
      assert.deepEqual(body, { id: "a", from: "first,second" });
      assert.equal(headers.get("x-order"), "second, first");
      assert.equal(headers.get("x-app"), "shop");
    });

    test("an answer instead of the handler's is projected like any other", async () => {
      assert.deepEqual((await app.request("GET", "/remembered/known")).body, { id: "known", from: "memory" });
      assert.deepEqual((await app.request("GET", "/remembered/new")).body, { id: "new", from: "handler" });
    });

    test("status and payload can be changed", async () => {
      const { status, body } = await app.request("POST", "/create", {});
      assert.deepEqual([status, body], [201, { id: "new", from: "middleware" }]);
    });

    test("what the handler throws can be answered", async () => {
      const { status, body } = await app.request("POST", "/forgiven", {});
      assert.deepEqual([status, body], [200, { id: "none", from: "nothing there" }]);
    });

    test("a payload that breaks the contract is not sent", async () => {
      const { status, body } = await app.request("POST", "/broken", {});
      assert.equal(status, 500);
      assert.equal(body.code, "internal");
    });

    test("calls of other services go through it too; status and headers are not theirs", async () => {
      const { status, body, headers } = await app.request("GET", "/via-stock");
      assert.deepEqual([status, body], [200, { level: 42 }]);
      assert.equal(headers.get("x-app"), "shop");
    });

    test("an endpoint that is not targeted runs without", async () => {
      const { body, headers } = await app.request("GET", "/open");
      assert.deepEqual(body, { level: 21 });
      assert.equal(headers.get("x-app"), "stock");
    });
  });
}

test("middleware is typed, and the graph lists it in order", async (t) => {
  const copy = await copyApp("conformance/apps/middleware");
  t.after(() => copy.remove());
  const { stdout } = await runTenon(["graph", copy.dir]);
  const graph = JSON.parse(stdout);
  assert.deepEqual(
    graph.middleware.map(({ name }) => name),
    ["stamp"],
  );
  const shop = graph.services.find(({ name }) => name === "shop");
  assert.deepEqual(
    shop.middleware.map(({ name }) => name),
    ["first", "second", "remembered", "created", "forgiving", "broken"],
  );
  for (const kind of ["native", "classic"]) {
    const { code, stdout: said } = await runTypeScript(kind, copy.dir);
    assert.equal(code, 0, said);
  }
});
