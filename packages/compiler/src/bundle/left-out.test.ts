import assert from "node:assert/strict";
import { readdir } from "node:fs/promises";
import { createRequire } from "node:module";
import { dirname, join, sep } from "node:path";
import { test } from "node:test";
import type { Graph, Service } from "@tenon/model";
import { installedTenon } from "../testing-joint-app.test.support.ts";
import { leftOut } from "./left-out.ts";

const nothingKept = { keepsPackages: false };
const users: Service = { name: "users", directory: "users", endpoints: [], calls: [], databases: [], secrets: [] };
const graph: Graph = { version: 1, app: { id: "bare" }, services: [users], databases: [], secrets: [], schemas: {} };

test("what may be left out are files of the runtime and of the start module", async () => {
  const runtime = createRequire(join(installedTenon.dir, "package.json")).resolve("@tenon/runtime");
  const folders = [dirname(runtime), join(installedTenon.dir, "dist")];
  const files = (await Promise.all(folders.map((folder) => readdir(folder, { recursive: true })))).flatMap(
    (names, index) => names.map((name) => `${folders[index]}/${name}`.split(sep).join("/")),
  );
  for (const ending of leftOut(graph, nothingKept))
    assert.ok(
      files.some((file) => file.endsWith(`/${ending}`)),
      ending,
    );
});

test("what the graph names is kept, for the services of the unit alone", () => {
  const secret = { name: "key", services: ["users"], location: { file: "a.ts", line: 1, column: 1 } };
  const withMore: Graph = { ...graph, services: [{ ...users, databases: ["users"] }], secrets: [secret] };
  const kept = leftOut(graph, nothingKept).filter((file) => !leftOut(withMore, nothingKept).includes(file));
  assert.deepEqual(kept, [
    "data/configure-databases.js",
    "start/migrate.js",
    "migrations/apply-migrations.js",
    "data/drivers/trace-drivers.js",
    "secrets/mounted-secrets.js",
    "secrets/encrypted-file.js",
  ]);
  assert.ok(!leftOut(graph, { keepsPackages: true }).includes("data/drivers/trace-drivers.js"));
  const door: Graph = { ...withMore, app: { id: "bare", unit: { services: [], gateway: true } }, secrets: [] };
  assert.deepEqual(leftOut(door, nothingKept), leftOut(graph, nothingKept));
});
