// The built pages for everyone: readable in both themes, usable by keyboard, and on a phone.
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import type { Page } from "playwright-core";
import { poorContrasts } from "./sample-app/contrast.ts";
import { unreachableByTab } from "./sample-app/tab-stops.ts";
import { messagingGraph } from "./sample-app/messaging-graph.ts";
import { sampleLetters } from "./sample-app/sample-topics.ts";
import { brokenEdit, sample, skipReason, sqlRow, startVisits, type Visits } from "./sample-app/visits.ts";

describe("the dashboard for everyone", { skip: skipReason }, () => {
  const { failed, refused, partial, order } = sample;
  let visits: Visits;
  const visit: Visits["visit"] = (...how) => visits.visit(...how);
  before(async () => {
    visits = await startVisits(messagingGraph);
    visits.dashboard.topics.letters.set("order-placed/send-mail", sampleLetters(3, Date.now() - 600_000));
  });
  after(() => visits?.close());

  const views = [
    ["/traces", async () => {}],
    [`/traces/${order.traceId}`, async (page: Page) => await sqlRow(page, "UPDATE products").click()],
    [`/traces/${failed.traceId}`, async (page: Page) => await sqlRow(page, "UPDATE products").click()],
    [`/traces/${refused.traceId}`, async (page: Page) => await page.locator("tr.endpoint").click()],
    [`/traces/${partial.traceId}`, async () => {}],
    ["/topics", async () => {}],
    [
      "/topics/order-placed/send-mail",
      async (page: Page) => {
        await page.getByRole("button", { name: /mail server refused/ }).click();
        await page.getByRole("checkbox").nth(1).check();
        await page.getByRole("button", { name: "Discard chosen" }).click();
      },
    ],
    ["/services", async (page: Page) => await page.getByRole("button", { name: "create" }).click()],
  ] as const;

  test("every text can be read, light and dark", async () => {
    visits.dashboard.setDiagnostics([brokenEdit]);
    for (const colorScheme of ["light", "dark"] as const) {
      for (const [path, prepare] of views) {
        await visit(
          path,
          async (page) => {
            await page.locator("main table").first().waitFor();
            await page.locator(".diagnostics").waitFor();
            await prepare(page);
            assert.deepEqual(await poorContrasts(page), [], `${path}, ${colorScheme}`);
          },
          { colorScheme },
        );
      }
    }
    visits.dashboard.setDiagnostics([]);
  });

  test("the theme can be chosen and stays", async () => {
    await visit("/traces", async (page) => {
      const background = () => page.evaluate(() => getComputedStyle(document.body).backgroundColor);
      const light = await background();
      await page.getByRole("button", { name: /Theme: system/ }).click();
      await page.getByRole("button", { name: /Theme: light/ }).click();
      const dark = await background();
      assert.notEqual(dark, light);
      await page.reload();
      assert.equal(await background(), dark);
    });
  });

  test("everything a mouse can use, Tab reaches", async () => {
    for (const [path, prepare] of views) {
      await visit(path, async (page) => {
        await page.locator("main table").first().waitFor();
        await prepare(page);
        assert.deepEqual(await unreachableByTab(page), [], path);
      });
    }
  });

  test("nothing is wider than a phone", async () => {
    for (const [path, prepare] of views) {
      await visit(
        path,
        async (page) => {
          await page.locator("main table").first().waitFor();
          await prepare(page);
          const excess = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
          assert.equal(excess, 0, path);
        },
        { viewport: { width: 390, height: 844 } },
      );
    }
  });
});
