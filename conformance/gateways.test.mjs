// Several gateways at one port, told apart by host, and code of a gateway that looks at every request first: in a folder of their own,
// in every way of running.
import assert from "node:assert/strict";
import { request as sendRequest } from "node:http";
import { after, before, describe, test } from "node:test";
import { copyApp } from "./harness/app-copy.mjs";
import { everywhere } from "./harness/everywhere.mjs";
import { runTenon, runTypeScript } from "./harness/tenon.mjs";

/** `fetch` does not let anybody say the host. */
function ask(gateway, path, headers = {}) {
  return new Promise((resolve, reject) => {
    const request = sendRequest(new URL(path, gateway), { headers }, async (response) => {
      let text = "";
      for await (const chunk of response.setEncoding("utf8")) text += chunk;
      const isJson = response.headers["content-type"]?.startsWith("application/json") === true;
      resolve({ status: response.statusCode, headers: response.headers, body: isJson ? JSON.parse(text) : text });
    });
    request.on("error", reject);
    request.end();
  });
}

const staff = { host: "admin.localhost:4000", "x-pass": "open" };

for (const { name, start } of everywhere("conformance/apps/gateways", { apart: ["front"] })) {
  describe(name, () => {
    let app;
    before(async () => {
      app = await start();
    });
    after(() => app?.stop());

    test("each host has its own callers and its own endpoints", async () => {
      const open = await ask(app.gateway, "/items", { "x-pass": "open" });
      assert.deepEqual([open.status, open.body], [200, { items: ["pen"], by: null }]);
      assert.deepEqual((await ask(app.gateway, "/items", staff)).body, { items: ["pen"], by: "staff" });
      assert.deepEqual((await ask(app.gateway, "/audit", staff)).body, { by: "staff" });
      const wild = { host: "eu.ADMIN.example.com", "x-pass": "open" };
      assert.deepEqual((await ask(app.gateway, "/audit", wild)).body, { by: "staff" });
      assert.equal((await ask(app.gateway, "/audit", { "x-pass": "open" })).status, 401);
      assert.equal((await ask(app.gateway, "/basket", staff)).status, 404);
      assert.equal((await ask(app.gateway, "/basket")).status, 200);
    });

    test("code of a gateway answers, refuses, and adds to answers", async () => {
      const moved = await ask(app.gateway, "/old");
      assert.deepEqual([moved.status, new URL(moved.headers.location).pathname], [308, "/items"]);
      const cookies = await ask(app.gateway, "/cookies?q=why", { "x-ask": "you" });
      assert.deepEqual([cookies.status, cookies.body], [203, "you why"]);
      assert.deepEqual(cookies.headers["set-cookie"], ["a=1", "b=2"]);
      const bot = await ask(app.gateway, "/items", { "user-agent": "bot" });
      assert.deepEqual([bot.status, bot.body.message], [403, "no bots, please"]);
      const crash = await ask(app.gateway, "/crash");
      assert.equal(crash.status, 500);
      assert.doesNotMatch(JSON.stringify(crash.body), /4711/);
      for (const path of ["/items", "/nowhere"]) {
        const { headers } = await ask(app.gateway, path);
        assert.equal(headers["x-front"], "GET");
        assert.ok(headers["x-request-id"]);
      }
      assert.equal((await ask(app.gateway, "/items", staff)).headers["x-front"], undefined);
    });
  });
}

test("gateways are typed", async (t) => {
  const copy = await copyApp("conformance/apps/gateways");
  t.after(() => copy.remove());
  const checked = await runTenon(["check", copy.dir]);
  assert.equal(checked.code, 0, checked.stdout);
  for (const kind of ["native", "classic"]) {
    const { code, stdout } = await runTypeScript(kind, copy.dir);
    assert.equal(code, 0, stdout);
  }
});
