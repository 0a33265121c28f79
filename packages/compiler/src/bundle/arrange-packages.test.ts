import assert from "node:assert/strict";
import { join } from "node:path";
import { test } from "node:test";
import { temporaryApp } from "../testing-app.test.support.ts";
import { arrangePackages } from "./arrange-packages.ts";

function manifest(name: string, fields: object = {}): string {
  return JSON.stringify({ name, version: "1.0.0", main: "./main.js", ...fields });
}

const installed = {
  "node_modules/orm/package.json": manifest("orm", {
    dependencies: { shared: "1", "@types/node": "20" },
    peerDependenciesMeta: { driver: { optional: true }, other: { optional: true } },
  }),
  "node_modules/orm/node_modules/shared/package.json": manifest("shared", { dependencies: { leaf: "1" } }),
  "node_modules/shared/package.json": manifest("shared", { dependencies: { leaf: "1", orm: "1" } }),
  "node_modules/leaf/package.json": manifest("leaf"),
  "node_modules/driver/package.json": manifest("driver"),
  "node_modules/other/package.json": manifest("other"),
  "node_modules/@types/node/package.json": manifest("@types/node"),
};

test("everyone finds the version it had, and nothing else comes along", async (t) => {
  const appDir = await temporaryApp(t, installed);
  const at = (folder: string) => join(appDir, "node_modules", folder);
  const places = arrangePackages([at("orm"), at("shared")], [at("driver")], new Set(["driver"]));
  assert.deepEqual(
    [...places].map(([place, folder]) => [place, folder.slice(appDir.length + 1)]).sort(),
    [
      ["node_modules/orm", "node_modules/orm"],
      ["node_modules/shared", "node_modules/shared"],
      ["node_modules/driver", "node_modules/driver"],
      ["node_modules/orm/node_modules/shared", "node_modules/orm/node_modules/shared"],
      ["node_modules/leaf", "node_modules/leaf"],
    ].sort(),
  );
});

test("two versions that bundles import lie apart", async (t) => {
  const appDir = await temporaryApp(t, installed);
  const versions = [join(appDir, "node_modules/orm/node_modules/shared"), join(appDir, "node_modules/shared")];
  const places = arrangePackages(versions, [], new Set());
  assert.equal(places.get("node_modules/shared"), versions[0]);
  assert.equal(places.get("node_modules/.versions/1/node_modules/shared"), versions[1]);
  const leaf = join(appDir, "node_modules/leaf");
  assert.equal(places.get("node_modules/leaf"), leaf);
});
