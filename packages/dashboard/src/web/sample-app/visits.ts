// Opens the built pages in a browser, each visit in a context of its own, and fails a visit that the browser complains about.
import assert from "node:assert/strict";
import { fileURLToPath } from "node:url";
import type { Browser, BrowserContextOptions, Locator, Page } from "playwright-core";
import { chromiumPath, startBrowser } from "./browser.ts";
import { type SampleDashboard, startSampleDashboard } from "./sample-dashboard.ts";
import { sampleGraph } from "./sample-graph.ts";
import { failedTrace, largeTrace, orderTrace, partialTrace, productListTrace, refusedTrace } from "./sample-traces.ts";

/** Where Vite puts the pages, seen from where this file is compiled to. */
export const webDir = fileURLToPath(new URL("../../web", import.meta.url));

/** For `describe`: why the machine cannot run the test, or false. */
export const skipReason =
  chromiumPath() === undefined ? "no Chromium at CHROMIUM_PATH or /usr/bin/chromium" : (false as const);

const startedAt = Date.now() - 600_000;

/** Newest first, all within ten minutes but the last, which is two hours older. */
export const sample = {
  failed: failedTrace(1, startedAt + 5000),
  refused: refusedTrace(2, startedAt + 4000),
  partial: partialTrace(3, startedAt + 3000),
  order: orderTrace(4, startedAt + 2000),
  large: largeTrace(5, startedAt + 1000, 300),
  huge: largeTrace(6, startedAt, 1000),
  old: productListTrace(7, startedAt - 7_200_000),
};

export interface Visits {
  readonly browser: Browser;
  readonly dashboard: SampleDashboard;
  /** `path` may have a query. Ends when `look` does. */
  visit(path: string, look: (page: Page) => Promise<void>, options?: BrowserContextOptions): Promise<void>;
  close(): Promise<void>;
}

export async function startVisits(graph = sampleGraph): Promise<Visits> {
  const browser = await startBrowser(chromiumPath() ?? "");
  const dashboard = await startSampleDashboard({ graph, traces: Object.values(sample), webDir });
  return {
    browser,
    dashboard,
    async visit(path, look, options) {
      const context = await browser.newContext({
        viewport: { width: 1280, height: 800 },
        permissions: ["clipboard-read", "clipboard-write"],
        ...options,
      });
      const page = await context.newPage();
      const complaints = complaintsOf(page, dashboard.url);
      try {
        await page.goto(new URL(path, dashboard.url).href);
        await look(page);
        assert.deepEqual(complaints, []);
      } catch (error) {
        // A page that broke explains a wait that timed out better than the wait does.
        if (complaints.length > 0) throw new Error(`the browser complains: ${complaints.join("; ")}`, { cause: error });
        throw error;
      } finally {
        await context.close();
      }
    },
    async close() {
      await browser.close();
      await dashboard.close();
    },
  };
}

/** Fills up with errors, warnings, and requests to anywhere but the dashboard. */
function complaintsOf(page: Page, url: string): string[] {
  const complaints: string[] = [];
  page.on("console", (message) => {
    if (message.type() === "error" || message.type() === "warning") complaints.push(message.text());
  });
  page.on("pageerror", (error) => complaints.push(error.message));
  page.on("request", (request) => {
    if (new URL(request.url()).origin !== url) complaints.push(`asked for ${request.url()}`);
  });
  return complaints;
}

export function sqlRow(page: Page, name: string) {
  return page.locator("tr.sql", { hasText: name }).first();
}

/** The text of an element as it is laid out (textContent would give what is hidden too): hidden parts left out, columns and lines apart. */
export async function shownText(element: Locator): Promise<string> {
  return await element.innerText();
}

/** The diagnostic of an edit that the compiler refuses. */
export const brokenEdit = {
  code: "TN1204",
  severity: "error",
  file: "orders/orders.ts",
  line: 31,
  column: 18,
  endLine: 31,
  endColumn: 25,
  message: "Order.onChange is a function, and a function cannot cross a wire",
  hint: "Leave it out of the response.",
} as const;
