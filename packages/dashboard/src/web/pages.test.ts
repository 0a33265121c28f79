// The built pages in a real browser, over a server with canned data: what they show and how they are used.
import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { gzipSync } from "node:zlib";
import type { Page } from "playwright-core";
import { startSampleDashboard } from "./sample-app/sample-dashboard.ts";
import { sampleGraph } from "./sample-app/sample-graph.ts";
import { batchTrace, refusedTrace } from "./sample-app/sample-traces.ts";
import {
  brokenEdit,
  sample,
  shownText,
  skipReason,
  sqlRow,
  startVisits,
  type Visits,
  webDir,
} from "./sample-app/visits.ts";

test("the pages are under 120 KB, compressed", () => {
  const files = readdirSync(webDir, { recursive: true, withFileTypes: true }).filter(
    (entry) => entry.isFile() && entry.name !== ".build-stamp",
  );
  const sizes = files.map((entry) => gzipSync(readFileSync(join(entry.parentPath ?? entry.path, entry.name))).length);
  const total = sizes.reduce((sum, size) => sum + size, 0);
  assert.ok(files.length > 2 && total < 120 * 1024, `${files.length} files, ${total} bytes`);
});

describe("the dashboard in a browser", { skip: skipReason }, () => {
  const { failed, refused, partial, order, huge } = sample;
  const count = Object.keys(sample).length;
  let visits: Visits;
  const visit: Visits["visit"] = (...how) => visits.visit(...how);
  before(async () => {
    visits = await startVisits();
  });
  after(() => visits?.close());

  const rowsOf = (page: Page) => page.locator(".traces tbody tr");
  const waitForRows = async (page: Page, wanted: number) => {
    await page.waitForFunction((rows) => document.querySelectorAll(".traces tbody tr").length === rows, wanted);
  };

  test("the list shows each request, newest first, with its outcome", async () => {
    await visit("/", async (page) => {
      await waitForRows(page, count);
      const first = await shownText(rowsOf(page).nth(0));
      assert.match(first, /POST\s+\/orders/);
      assert.match(first, /failed/);
      assert.match(first, /orders\.create/);
      assert.match(first, /1\.01 s/);
      assert.match(await shownText(rowsOf(page).nth(2)), /partial/);
      assert.equal(await page.locator("tr.failed").count(), 1);
    });
  });

  test("filters apply, stand in the address, and survive a reload", async () => {
    await visit("/traces", async (page) => {
      await waitForRows(page, count);
      await page.getByLabel("Status").selectOption("Failed");
      await waitForRows(page, 1);
      assert.equal(new URL(page.url()).search, "?status=error");
      await page.getByRole("button", { name: "Clear filters" }).click();
      await page.getByLabel("Endpoint").fill("report");
      await waitForRows(page, 2);
      await page.getByLabel("At least, ms").fill("1000");
      await waitForRows(page, 1);
      await page.reload();
      await waitForRows(page, 1);
      assert.equal(await page.getByLabel("Endpoint").inputValue(), "report");
      await page.getByLabel("Endpoint").fill("nothing like it");
      await page.getByText("No trace matches these filters").waitFor();
      await page.goto(new URL("/traces?since=1h&service=products", visits.dashboard.url).href);
      await waitForRows(page, 3);
    });
  });

  test("a new trace appears by itself", async () => {
    await visit("/traces?endpoint=users.get&status=ok", async (page) => {
      await waitForRows(page, 1);
      await page.getByText("Live", { exact: true }).waitFor();
      visits.dashboard.addTrace(refusedTrace(90, Date.now()));
      await waitForRows(page, 2);
    });
  });

  test("keys go through the list, open a trace, and come back to the same row", async () => {
    await visit("/traces", async (page) => {
      await page.locator(".traces tbody tr").first().waitFor();
      const links = page.locator("a.trace-link");
      for (const key of ["j", "j", "j", "k"]) await page.keyboard.press(key);
      const address = await page.evaluate(() => (document.activeElement as HTMLAnchorElement).href);
      assert.equal(address, await links.nth(1).evaluate((link) => (link as HTMLAnchorElement).href));
      await page.keyboard.press("Enter");
      await page.getByRole("treegrid").waitFor();
      assert.equal(page.url(), address);
      await page.goBack();
      await page.waitForFunction((wanted) => (document.activeElement as HTMLAnchorElement).href === wanted, address);
      await page.keyboard.press("/");
      assert.equal(await page.evaluate(() => document.activeElement?.tagName), "INPUT");
    });
  });

  test("the waterfall shows the tree; a click shows the statement", async () => {
    await visit(`/traces/${order.traceId}`, async (page) => {
      await page.getByRole("treegrid").waitFor();
      const levels = await page.locator("tr.span-row").evaluateAll((rows) => rows.map((row) => row.ariaLevel));
      assert.deepEqual(levels, ["1", "2", "3", "4", "5", "3", "4", "5", "5", "5", "3"]);
      await sqlRow(page, "INSERT orders").click();
      const details = page.getByRole("complementary", { name: "Span details" });
      assert.match(
        await shownText(details.locator("pre.sql")),
        /^INSERT INTO orders \(.*\)\nVALUES \(.*\)\nRETURNING id/,
      );
      assert.match(await shownText(details), /db\.response\.returned_rows\s+1/);
      await page.locator("tr.endpoint", { hasText: "orders.create" }).click();
      await details.getByText("order created").waitFor();
      assert.match(page.url(), /\?span=/);
      await page.keyboard.press("Escape");
      await details.waitFor({ state: "detached" });
      await page.getByRole("button", { name: "Copy trace id" }).click();
      await page.getByText("Copied").first().waitFor({ state: "attached" });
      assert.equal(await page.evaluate(() => navigator.clipboard.readText()), order.traceId);
    });
  });

  test("keys move through the waterfall, fold and unfold", async () => {
    await visit(`/traces/${order.traceId}`, async (page) => {
      const row = page.locator("tr.span-row");
      await row.first().focus();
      for (const key of ["ArrowDown", "ArrowDown", "ArrowLeft"]) await page.keyboard.press(key);
      assert.equal(await row.count(), 9);
      assert.equal(await row.nth(2).getAttribute("aria-expanded"), "false");
      await page.keyboard.press("ArrowRight");
      assert.equal(await row.count(), 11);
      await page.keyboard.press("End");
      await page.keyboard.press("Enter");
      await page.locator(".details pre.sql").waitFor();
      await page.keyboard.press("ArrowUp");
      await page.locator(".details h2", { hasText: "COMMIT" }).waitFor();
      await page.getByRole("button", { name: "Fold all" }).click();
      assert.equal(await row.count(), 1);
    });
  });

  test("a failed trace says where and why", async () => {
    await visit(`/traces/${failed.traceId}`, async (page) => {
      await page.getByText("failed · 500").waitFor();
      assert.deepEqual(await page.locator(".problem-line").allInnerTexts(), ["deadlock detected"]);
      await sqlRow(page, "UPDATE products").click();
      assert.match(
        await shownText(page.locator(".details pre.stack")),
        /at reserveLines \(products\/stock\.ts:48:17\)/,
      );
    });
  });

  test("refused, partial, large and unknown traces are shown as what they are", async () => {
    await visit(`/traces/${refused.traceId}`, async (page) => {
      await page.getByText("refused · 404").waitFor();
      assert.deepEqual(await page.locator(".problem-line").allInnerTexts(), ["not_found: there is no user nobody"]);
    });
    await visit(`/traces/${partial.traceId}`, async (page) => {
      await page.getByText("this trace is partial").waitFor();
      assert.equal(await page.locator(".span-row .partial-mark").count(), 3);
    });
    await visit(`/traces/${huge.traceId}`, async (page) => {
      await page.waitForFunction(() => document.querySelectorAll("tr.span-row").length === 1000);
      await page.locator("tr.sql").last().click();
      await page.locator(".details pre.sql").waitFor();
    });
    const context = await visits.browser.newPage();
    await context.goto(new URL("/traces/0000", visits.dashboard.url).href);
    await context.getByText("There is no trace 0000").waitFor();
    await context.close();
  });

  test("a span names the spans that led to it, and leads to them", async () => {
    const batch = batchTrace(8, order.spans[0]!.startedAt, [order, refused]);
    const own = await startSampleDashboard({ graph: sampleGraph, traces: [order, refused, batch], webDir });
    const page = await visits.browser.newPage();
    await page.goto(new URL(`/traces/${batch.traceId}?span=${batch.spans[0]!.spanId}`, own.url).href);
    const links = page.locator(".details section", { hasText: "Links" }).locator("tr");
    assert.match(
      await shownText(links.nth(0)),
      new RegExp(`publish\\s+trace ${order.traceId} messaging.message.id=m-`),
    );
    assert.equal(await links.count(), 2);
    await links.nth(0).getByRole("link").click();
    await page.waitForURL(new RegExp(`/traces/${order.traceId}\\?span=${order.spans.at(-1)!.spanId}$`));
    await page.locator(".details h2", { hasText: "POST /orders" }).waitFor();
    await page.close();
    await own.close();
  });

  test("services show endpoints, types and edges", async () => {
    await visit("/services", async (page) => {
      const orders = page.getByRole("region", { name: "orders" });
      assert.match(await shownText(orders), /Calls\s+products\.reserve, users\.get/);
      assert.match(
        await shownText(page.getByRole("region", { name: "products" })),
        /reserve\s+POST\s+\/products\/reserve\s+private/,
      );
      await orders.getByRole("button", { name: "create" }).click();
      assert.match(await shownText(orders.locator("pre").nth(1)), /interface Order \{\n {2}id: string;/);
      await page.getByPlaceholder("Find an endpoint").fill("users.get");
      await orders.waitFor({ state: "detached" });
    });
  });

  test("a broken edit is shown until it is mended", async () => {
    await visit("/services", async (page) => {
      await page.getByText("Live", { exact: true }).waitFor();
      visits.dashboard.setDiagnostics([brokenEdit]);
      const banner = page.getByRole("region", { name: "Problems in the last edit" });
      await banner.getByText("Serving the last good version.").waitFor();
      assert.match(await shownText(banner), /orders\/orders\.ts:31:18\s+TN1204\s+Order\.onChange is a function/);
      visits.dashboard.setDiagnostics([]);
      await banner.waitFor({ state: "detached" });
    });
  });

  test("without traces, the first request is spelt out; without a server, that is said", async () => {
    const empty = await startSampleDashboard({ graph: sampleGraph, traces: [], webDir });
    const page = await visits.browser.newPage();
    await page.goto(empty.url);
    await page.getByText("curl http://127.0.0.1:4000/products").waitFor();
    await page.getByText("Live", { exact: true }).waitFor();
    await empty.close();
    await page.getByText("The dashboard's server does not answer").waitFor();
    const again = await startSampleDashboard({
      graph: sampleGraph,
      traces: [order],
      webDir,
      port: Number(new URL(empty.url).port),
    });
    await waitForRows(page, 1);
    await page.close();
    await again.close();
  });
});
