// The API explorer in a real browser: every kind of value can be filled in, what is sent is what was filled in, and it is for everyone.
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import type { Page } from "playwright-core";
import { poorContrasts } from "../sample-app/contrast.ts";
import { explorerGraph } from "../sample-app/explorer-graph.ts";
import { unreachableByTab } from "../sample-app/tab-stops.ts";
import { shownText, skipReason, startVisits, type Visits } from "../sample-app/visits.ts";

describe("the API explorer", { skip: skipReason }, () => {
  let visits: Visits;
  const visit: Visits["visit"] = (...how) => visits.visit(...how);
  before(async () => {
    visits = await startVisits(explorerGraph);
  });
  after(() => visits?.close());

  const button = (page: Page, name: string) => page.getByRole("button", { name, exact: true });
  const label = (page: Page, name: string) => page.getByLabel(new RegExp(`^${name}\\b`)).first();
  const send = async (page: Page) => {
    const before = visits.dashboard.calls.length;
    await button(page, "Send").click();
    await page.locator(".call-result .facts").waitFor();
    assert.equal(visits.dashboard.calls.length, before + 1);
    return visits.dashboard.calls.at(-1)!;
  };

  test("a form has an input for every kind of value, and sends what was filled in", async () => {
    await visit("/explorer", async (page) => {
      await page.getByRole("link", { name: /fill/ }).click();
      await label(page, "id").fill("a b");
      await label(page, "limit").fill("3");
      await label(page, "size").selectOption("large");
      await label(page, "urgent").selectOption("true");
      await page.getByLabel("Kind of shape").selectOption({ index: 1 });
      await label(page, "side").fill("2.5");
      await button(page, "Add an item to names").click();
      await button(page, "Add an item to names").click();
      await button(page, "Add an item to names").click();
      await page.getByLabel("names[0]").fill("first");
      await page.getByLabel("names[2]").fill("last");
      await button(page, "Remove names[1]").click();
      await button(page, "Add node").click();
      await label(page, "value").fill("v");
      await button(page, "Add next").click();
      await label(page, "notes").fill('{"a": 1}');
      await page.getByLabel("Kind of gone").selectOption({ label: "null" });
      await page.getByLabel(/^authorization/).fill("Bearer t");
      await page.getByLabel("Other headers").fill("x-mine: m\n\nx-other: o:p");
      const call = await send(page);
      assert.deepEqual(call, {
        service: "forms",
        endpoint: "fill",
        request: {
          id: "a b",
          limit: 3,
          size: "large",
          urgent: true,
          shape: { kind: "square", side: 2.5 },
          names: ["first", "last"],
          node: { value: "v", next: { value: "" } },
          notes: { a: 1 },
          gone: null,
        },
        auth: { auth: { authorization: "Bearer t" } },
        headers: { "x-mine": "m", "x-other": "o:p" },
      });
    });
  });

  test("the answer is shown with its trace", async () => {
    await visit("/explorer?endpoint=forms.inner", async (page) => {
      await send(page);
      const shown = await shownText(page.locator(".call-result"));
      assert.match(shown, /404/);
      assert.match(shown, /"code": "not_found"/);
      await page.locator(".call-trace li").first().waitFor();
      assert.match(await shownText(page.locator(".call-trace")), /orders\.create/);
      await page.getByText("2 headers").click();
      assert.match(await shownText(page.locator(".header-list")), /x-request-id\s+r-1/);
      await page.getByRole("link", { name: "Open the trace" }).click();
      await page.locator(".waterfall, table").first().waitFor();
    });
  });

  test("the curl line says the same as the form", async () => {
    await visit("/explorer?endpoint=forms.fill", async (page) => {
      await label(page, "id").fill("it's");
      await page.getByLabel("Method").selectOption("PUT");
      const line = await shownText(page.locator(".command pre"));
      const body = '{"size":"small","shape":{"kind":"circle","radius":0},"names":[],"notes":{},"gone":""}';
      const address = `'http://localhost:4000/forms/it'\\''s'`;
      assert.equal(line, `curl -X PUT ${address} -H 'content-type: application/json' --data-raw '${body}'`);
      await button(page, "Clear the form").click();
      assert.equal(await label(page, "id").inputValue(), "");
    });
  });

  test("a request can be written as JSON, and half of a JSON is not sent", async () => {
    await visit("/explorer?endpoint=forms.fill", async (page) => {
      await page.getByLabel("as JSON").check();
      const all = page.getByLabel(/^All fields/);
      await all.fill('{"id": "x", "extra": [1');
      await page.getByText("Not JSON yet").waitFor();
      await all.fill('{"id": "x", "extra": [1]}');
      const call = await send(page);
      assert.deepEqual(call["request"], { id: "x", extra: [1] });
    });
  });

  test("a raw endpoint is sent what is written", async () => {
    await visit("/explorer?endpoint=forms.upload", async (page) => {
      await label(page, "path").fill("a/b.txt");
      await page.getByLabel("Query").fill("?c=d");
      await page.getByLabel("Body").fill("some text");
      await page.getByLabel("Body").press("Control+Enter");
      await page.locator(".call-result .facts").waitFor();
      const { request, query, body } = visits.dashboard.calls.at(-1)!;
      assert.deepEqual([request, query, body], [{ path: "a/b.txt" }, "c=d", "some text"]);
    });
  });

  test("what was filled in is still there when one comes back, and an endpoint can be found by its path", async () => {
    await visit("/explorer?endpoint=forms.fill", async (page) => {
      await label(page, "id").fill("kept");
      await page.getByLabel("Find an endpoint by name or path").fill("uploads");
      assert.equal(await page.locator(".endpoint-list li").count(), 1);
      await page.getByRole("link", { name: /upload/ }).click();
      await page.goBack();
      assert.equal(await label(page, "id").inputValue(), "kept");
    });
  });

  for (const colorScheme of ["light", "dark"] as const) {
    test(`every text can be read, ${colorScheme}, and nothing is wider than a phone`, async () => {
      for (const viewport of [
        { width: 1280, height: 800 },
        { width: 390, height: 844 },
      ]) {
        const look = async (page: Page) => {
          await button(page, "Add node").click();
          await send(page);
          await page.locator(".call-trace li").first().waitFor();
          assert.deepEqual(await poorContrasts(page), []);
          assert.equal(await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth), 0);
        };
        await visit("/explorer?endpoint=forms.fill", look, { colorScheme, viewport });
      }
    });
  }

  test("everything a mouse can use, Tab reaches", async () => {
    await visit("/explorer?endpoint=forms.fill", async (page) => {
      await button(page, "Add node").click();
      await send(page);
      await page.locator(".call-trace li").first().waitFor();
      assert.deepEqual(await unreachableByTab(page), []);
    });
  });
});
