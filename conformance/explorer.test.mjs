// The dashboard's explorer against a running app: calls of every kind through its API, and a stream in a browser.
import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { after, before, describe, test } from "node:test";
import { chromium } from "playwright-core";
import { copyApp } from "./harness/app-copy.mjs";
import { startDev } from "./harness/dev.mjs";
import { eventually } from "./harness/eventually.mjs";

const browserPath = process.env["CHROMIUM_PATH"] ?? "/usr/bin/chromium";

for (const topology of ["single", "per-service"]) {
  describe(`explorer, ${topology}`, () => {
    let copy;
    let app;

    before(async () => {
      copy = await copyApp("conformance/apps/clients");
      app = await startDev(copy.dir, { topology });
    });
    after(async () => {
      await app?.stop();
      await copy?.remove();
    });

    async function call(endpoint, parts = {}) {
      const response = await fetch(`${app.dashboard}/api/call`, {
        method: "POST",
        headers: { "content-type": "application/json" },
        body: JSON.stringify({ service: "library", endpoint, ...parts }),
        signal: AbortSignal.timeout(30_000),
      });
      const answer = await response.json();
      assert.equal(response.status, 200, JSON.stringify(answer));
      const { status, body, headers } = answer.response;
      const isJson = new Headers(headers).get("content-type")?.startsWith("application/json") === true;
      return { status, body: isJson ? JSON.parse(body) : body, traceId: answer.traceId };
    }

    test("fields travel where they must, and the trace is the call's", async () => {
      const request = { shelf: "a/b", number: 2, words: ["x", "y"], language: "de", limit: 3 };
      const { status, body, traceId } = await call("find", { request });
      assert.equal(status, 200);
      assert.deepEqual([body.shelf, body.number, body.words], ["a/b", 2, ["x", "y"]]);
      await eventually("the endpoint in the trace of the call", async () => {
        const { spans } = await app.fromDashboard(`/api/traces/${traceId}`);
        return spans.some((span) => span.name === "library.find");
      });
    });

    test("errors, credentials, cookies and statuses", async () => {
      assert.equal((await call("fail")).body.code, "not_found");
      assert.equal((await call("me")).status, 401);
      assert.deepEqual((await call("me", { auth: { auth: { authorization: "Bearer reader" } } })).body, {
        userID: "reader",
      });
      assert.deepEqual((await call("me", { auth: { auth: { session: "reader's" } } })).body, { userID: "reader" });
      const { status, body } = await call("visit", { request: { by: "me", visits: { value: 3 } } });
      assert.deepEqual([status, body], [201, { by: "me", before: 3 }]);
    });

    test("private endpoints, also for somebody", async () => {
      assert.deepEqual((await call("secret")).body, { secret: true });
      assert.equal((await call("secretOf")).body.code, "unauthenticated");
      const { body, traceId } = await call("secretOf", { auth: { auth: { userID: "u7" } } });
      assert.deepEqual(body, { of: "u7" });
      await eventually("the trace of the call", () => app.fromDashboard(`/api/traces/${traceId}`));
    });

    test("events and lines as they come", async () => {
      assert.match((await call("news")).body, /^id: 1\nevent: book\ndata: /);
      assert.equal((await call("lines", { request: { count: 2 } })).body.split("\n").length, 3);
    });

    test("the OpenAPI document has the running gateway", async () => {
      const document = await app.fromDashboard("/api/openapi.json");
      assert.deepEqual([document.openapi, document.servers[0].url], ["3.1.0", app.gateway]);
    });

    test("a stream in a browser", { skip: !existsSync(browserPath) && `no ${browserPath}` }, async () => {
      const browser = await chromium.launch({ executablePath: browserPath, args: ["--no-sandbox", "--disable-gpu"] });
      try {
        const page = await browser.newPage();
        await page.goto(`${app.dashboard}/explorer?endpoint=library.talk`);
        await page.getByLabel(/^room\b/).fill("tea");
        await page.getByLabel(/^token\b/).fill("t1");
        await page.getByRole("button", { name: "Connect" }).click();
        await page.getByLabel(/^text\b/).fill("hello");
        await page.getByLabel(/^at\b/).fill("2026-01-01T00:00:00Z");
        await page.getByRole("button", { name: "Send" }).click();
        const received = page.locator(".stream-lines .received");
        await received.first().waitFor();
        assert.match(await received.first().innerText(), /"text":"hello".*"room":"tea","token":"t1"/);
        await page.getByRole("button", { name: "Disconnect" }).click();
        await page.getByText("closed with 1000").waitFor();
      } finally {
        await browser.close();
      }
    });
  });
}
