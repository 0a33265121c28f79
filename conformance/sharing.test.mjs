// Databases that several services use, in the ways Encore.ts has for it: declared beside the services, by name, and by import of
// another service's declaration. Each service reaches them with credentials of its own process.
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { copyApp } from "./harness/app-copy.mjs";
import { startDev } from "./harness/dev.mjs";
import { runTenon } from "./harness/tenon.mjs";

for (const topology of ["single", "per-service"]) {
  describe(`shared databases with --topology ${topology}`, () => {
    let copy;
    let app;

    before(async () => {
      copy = await copyApp("conformance/apps/sharing");
      app = await startDev(copy.dir, { topology });
    });

    after(async () => {
      await app?.stop();
      await app?.cleanUp();
      await copy?.remove();
    });

    test("the graph names owner and sharers", async () => {
      const graph = JSON.parse(await readFile(join(copy.dir, ".tenon/app.json"), "utf8"));
      assert.deepEqual(
        graph.databases.map(({ name, service, sharedWith, migrations }) => ({ name, service, sharedWith, migrations })),
        [
          { name: "app_events", service: "reader", sharedWith: ["writer"], migrations: "shared/migrations" },
          { name: "journal", service: "writer", sharedWith: ["importer", "reader"], migrations: "writer/migrations" },
        ],
      );
    });

    test("what one service writes, the others read", async () => {
      const added = await app.request("POST", "/entries", { text: "first", amount: 2.25 });
      assert.deepEqual(added.body, { id: 2 }, added.text);
      const entries = [
        { text: "at start", amount: 0.5 },
        { text: "first", amount: 2.75 },
      ];
      const listed = await app.request("GET", "/entries");
      assert.deepEqual(listed.body, { entries }, listed.text);
      const history = await app.request("GET", "/history");
      assert.deepEqual(history.body, { data: [["entry", 2]] }, history.text);
    });

    test("a transaction takes effect when it is committed, and only then", async () => {
      for (const how of ["commit", "rollback", "leave"]) {
        const attempt = await app.request("POST", "/attempts", { text: how, how });
        assert.deepEqual(attempt.body, { inside: 1 }, attempt.text);
      }
      const { body } = await app.request("GET", "/count");
      assert.deepEqual(body, { count: 3 });
    });
  });
}

test("an import of another service's database is warned about, and nothing else is", async (t) => {
  const copy = await copyApp("conformance/apps/sharing");
  t.after(() => copy.remove());
  const check = await runTenon(["check", copy.dir, "--json"]);
  assert.equal(check.code, 0, check.stdout + check.stderr);
  const found = check.stdout.split("\n").filter((line) => line.startsWith("{"));
  assert.deepEqual(
    found.map((line) => JSON.parse(line)).map(({ code, severity, file }) => ({ code, severity, file })),
    [{ code: "TN1033", severity: "warning", file: "writer/db.ts" }],
  );
});
