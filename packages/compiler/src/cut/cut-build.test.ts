// What a change in one service does to the builds of the units of its app, and what is in them.
import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";
import type { Graph } from "@tenon/model";
import { buildProduction } from "../build-production.ts";
import { readFolder, writeFiles } from "../testing-app.test.support.ts";
import { installedTenon, jointApp, jointAppFolder } from "../testing-joint-app.test.support.ts";
import { cutBuild } from "./cut-build.ts";
import { CutError } from "./cut-error.ts";

const app: Readonly<Record<string, string>> = {
  ...jointApp,
  "stock/stock.ts": `import { api } from "tenon/api";
interface Item { id: string; left: number }
export const count = api({ method: "GET", path: "/stock/:id", expose: true }, async ({ id }: { id: string }): Promise<Item> => ({ id, left: 3 }));
`,
  "stock/tenon.service.ts": `import { Service } from "tenon/service";\n\nexport default new Service("stock");\n`,
};

const units = {
  users: { services: ["users"], gateway: false },
  orders: { services: ["orders"], gateway: false },
  stock: { services: ["stock"], gateway: false },
  gateway: { services: [], gateway: true },
};

const startFile = join(installedTenon.dir, "dist/start/main.js");

test("the units of an app", async (t) => {
  const appDir = await jointAppFolder(t, app);
  const first = await buildUnits(appDir);

  /** Names of the units that an edit changes; the edit is taken back. */
  async function changedBy(edit: Readonly<Record<string, string>>): Promise<string[]> {
    await writeFiles(appDir, edit);
    const after = await buildUnits(appDir);
    await writeFiles(appDir, Object.fromEntries(Object.keys(edit).map((file) => [file, app[file] ?? ""])));
    return Object.keys(units).filter((name) => digest(after[name]) !== digest(first[name]));
  }

  const users = (from: string, to: string) => {
    assert.ok(app["users/users.ts"]!.includes(from));
    return { "users/users.ts": app["users/users.ts"]!.replace(from, to) };
  };

  await t.test("a handler's body is the business of its own unit, and so are lines above it", async () => {
    assert.deepEqual(await changedBy(users("name: greeting,", "name: greeting.trim(),")), ["users"]);
    assert.deepEqual(await changedBy(users("/** Finds", "// Written again.\n\n/** Finds")), ["users"]);
  });

  await t.test("so is an endpoint that nobody calls, and a part of the framework that only it uses", async () => {
    const added = `import log from "tenon/log";\nexport const away = api({}, async () => { log.info("away"); });\nexport const ping =`;
    assert.deepEqual(await changedBy(users("export const ping =", added)), ["users"]);
  });

  await t.test("a type of the same name elsewhere gives no other name to anybody's", async () => {
    const same = app["stock/stock.ts"]!.replaceAll("Item", "Order");
    assert.deepEqual(await changedBy({ "stock/stock.ts": same }), ["stock", "gateway"]);
  });

  await t.test(
    "what a called endpoint gives is seen by its callers, and by the public door where it is exposed",
    async () => {
      const changed = users("name: greeting,", "name: greeting,\n  age: 36,");
      assert.deepEqual(await changedBy(changed), ["users", "orders", "gateway"]);
    },
  );

  await t.test("each has what it hosts, and of others the endpoints that it can meet", async () => {
    const seen = Object.fromEntries(
      Object.entries(first).map(([name, files]) => {
        const { services } = JSON.parse(files["app.json"]!) as Graph;
        return [name, services.flatMap((one) => one.endpoints.map((endpoint) => `${one.name}.${endpoint.name}`))];
      }),
    );
    assert.deepEqual(seen, {
      users: ["users.get", "users.ping"],
      orders: ["orders.create", "users.get", "users.ping"],
      stock: ["stock.count"],
      gateway: ["orders.create", "stock.count", "users.get"],
    });
    const bundlesOf = (name: string) => Object.keys(first[name]!).filter((file) => /^services\/\w+\.js$/.test(file));
    assert.deepEqual(bundlesOf("orders"), ["services/orders.js"]);
    assert.deepEqual(bundlesOf("gateway"), []);
    for (const files of Object.values(first)) {
      assert.ok(!Object.keys(files).some((file) => /apply-migrations|start-messaging/.test(file)));
      assert.ok(!("revision.json" in files) && !("packages.json" in files));
    }
  });

  await t.test("source maps lead to the user's files", async () => {
    const map = JSON.parse(first["orders"]!["services/orders.js.map"]!) as { sources: string[] };
    assert.deepEqual(map.sources.toSorted(), [
      "../orders/encore.service.ts",
      "../orders/orders.ts",
      "tenon:service-entry",
    ]);
  });

  await t.test("what cannot be cut is told", async () => {
    const buildDir = join(appDir, "out/whole");
    const cut = (options: Partial<Parameters<typeof cutBuild>[0]>) =>
      cutBuild({ buildDir, outDir: join(appDir, "out/x"), services: ["users"], gateway: false, startFile, ...options });
    const isCode = (code: string) => (error: unknown) => error instanceof CutError && error.code === code;
    await assert.rejects(cut({ services: ["cellar"] }), isCode("unknown_service"));
    await assert.rejects(cut({ services: [] }), isCode("unit_empty"));
    await assert.rejects(cut({ buildDir: join(appDir, "users") }), isCode("no_build"));
    await assert.rejects(cut({ buildDir: join(appDir, "out/users") }), isCode("build_is_cut"));
    await assert.rejects(cut({ outDir: join(appDir, "users") }), isCode("folder_in_use"));
    assert.ok((await readFile(join(appDir, "users/users.ts"), "utf8")).length > 0);
  });
});

async function buildUnits(appDir: string): Promise<Record<string, Record<string, string>>> {
  const buildDir = join(appDir, "out/whole");
  const { diagnostics, ok } = await buildProduction({ appDir, outDir: buildDir, startFile, checkTypes: false });
  assert.ok(ok, JSON.stringify(diagnostics));
  const made: Record<string, Record<string, string>> = {};
  for (const [name, unit] of Object.entries(units)) {
    const outDir = join(appDir, "out", name);
    await cutBuild({ buildDir, outDir, startFile, ...unit });
    made[name] = await readFolder(outDir);
  }
  return made;
}

function digest(files: Readonly<Record<string, string>> | undefined): string {
  const sorted = Object.entries(files ?? {}).sort(([a], [b]) => (a < b ? -1 : 1));
  return createHash("sha256").update(JSON.stringify(sorted)).digest("hex");
}
