// An app within a workspace: it shares TypeScript packages, as source, with what stands beside it; they call its services, and editing
// them reloads it.
import assert from "node:assert/strict";
import { mkdir, readFile, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { copyApp } from "./harness/app-copy.mjs";
import { startDev } from "./harness/dev.mjs";
import { eventually } from "./harness/eventually.mjs";
import { runTenon } from "./harness/tenon.mjs";

const user = { id: "5", name: "Ann", role: "admin" };
const env = { SharedToken: "t" };

describe("monorepo", () => {
  let copy;
  let appDir;

  before(async () => {
    copy = await copyApp("conformance/apps/monorepo");
    appDir = join(copy.dir, "apps/backend");
    // As `npm install` links the packages of a workspace.
    await mkdir(join(copy.dir, "node_modules/@acme"), { recursive: true });
    for (const name of ["shared", "math"])
      await symlink(join(copy.dir, "packages", name), join(copy.dir, "node_modules/@acme", name));
  });

  after(() => copy?.remove());

  test("passes tenon check", async () => {
    const check = await runTenon(["check", appDir]);
    assert.equal(check.code, 0, check.stdout + check.stderr);
  });

  test("what shared packages use is used by the services that contain them", async () => {
    const graph = JSON.parse(await readFile(join(appDir, ".tenon/app.json"), "utf8"));
    const orders = graph.services.find(({ name }) => name === "orders");
    assert.deepEqual(orders.calls, [{ service: "users", endpoint: "get" }]);
    assert.deepEqual(orders.secrets, ["SharedToken"]);
  });

  for (const topology of ["single", "per-service"]) {
    test(topology, async () => {
      const app = await startDev(appDir, { topology, env });
      try {
        const order = await app.request("GET", "/orders/5");
        assert.deepEqual(order.body, { user, sum: 3, text: "admin extra extra", token: "t" });
      } finally {
        await app.cleanUp();
      }
    });
  }

  test("an edit of a shared package is seen", async () => {
    const app = await startDev(appDir, { env });
    const file = join(copy.dir, "packages/math/src/extra.ts");
    const source = await readFile(file, "utf8");
    try {
      await writeFile(file, source.replace('"extra"', '"edited"'));
      await eventually("the edit to be served", async () => {
        const order = await app.request("GET", "/orders/5");
        assert.equal(order.body?.text, "admin edited edited");
        return true;
      });
    } finally {
      await writeFile(file, source);
      await app.cleanUp();
    }
  });
});
