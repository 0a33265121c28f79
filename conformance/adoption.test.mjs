// An Express application becomes a service by one file, keeps its routes, and moves them one at a time: docs/guides/adopt-in-place.md.
import assert from "node:assert/strict";
import { copyFile, mkdir } from "node:fs/promises";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { copyApp } from "./harness/app-copy.mjs";
import { startDev } from "./harness/dev.mjs";
import { eventually } from "./harness/eventually.mjs";

for (const topology of ["single", "per-service"]) {
  describe(`adoption in place, ${topology}`, () => {
    let copy;
    let app;
    before(async () => {
      copy = await copyApp("conformance/apps/adoption");
      app = await startDev(copy.dir, { topology });
    });
    after(async () => {
      await app?.cleanUp();
      await copy?.remove();
    });

    test("the application answers as it did", async () => {
      assert.deepEqual((await app.request("GET", "/health")).body, { ok: true });
      const made = await app.request("POST", "/orders", { cents: 300, note: "a gift" });
      assert.deepEqual([made.status, made.body], [201, { cents: 300, note: "a gift", id: "2" }]);
      assert.equal((await app.request("GET", "/orders")).body.length, 2);
      const missing = await app.request("GET", "/orders/9");
      assert.deepEqual([missing.status, missing.body], [404, { error: "no such order" }]);
    });

    test("a typed endpoint comes before it, and the rest stays", async () => {
      await copyFile(join(copy.dir, "later/moved.ts.txt"), join(copy.dir, "src/moved.ts"));
      const missing = await eventually("the endpoint to answer", async () => {
        const reply = await app.request("GET", "/orders/9");
        return reply.body?.code === "not_found" ? reply : undefined;
      });
      assert.equal(missing.body.message, "there is no order 9");
      assert.deepEqual((await app.request("GET", "/orders/1")).body, { id: "1", cents: 1200 });
      assert.equal((await app.request("GET", "/orders")).body.length, 1);
      assert.equal((await app.request("POST", "/orders", { cents: 1 })).status, 201);
    });

    test("another service calls what has moved by its types, and what has not as fetch would", async () => {
      await mkdir(join(copy.dir, "reports"));
      await copyFile(join(copy.dir, "later/reports.ts.txt"), join(copy.dir, "reports/reports.ts"));
      const total = await eventually("the service to answer", async () => {
        const reply = await app.request("GET", "/total");
        return reply.body?.cents === undefined ? undefined : reply;
      });
      const { body: orders } = await app.request("GET", "/orders");
      assert.ok(orders.length > 0);
      assert.equal(
        total.body.cents,
        orders.reduce((cents, order) => cents + order.cents, 0),
      );
    });
  });
}
