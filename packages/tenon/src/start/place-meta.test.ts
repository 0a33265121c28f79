// Of which commit a process says that it is: what its build knows, else what it is told.
import assert from "node:assert/strict";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { noInfra } from "./no-infra.ts";
import { placeMeta } from "./place-meta.ts";

test("the commit comes from the build, and of a unit's build from the environment", async (t) => {
  const dir = await mkdtemp(join(tmpdir(), "tenon-meta-"));
  t.after(() => rm(dir, { recursive: true, force: true }));
  const buildOf = (environment: Readonly<Record<string, string>>) => placeMeta(dir, noInfra, environment).build;
  assert.deepEqual(buildOf({}), { revision: "", uncommittedChanges: false });
  assert.deepEqual(buildOf({ TENON_REVISION: "4f2c" }), { revision: "4f2c", uncommittedChanges: false });
  assert.deepEqual(buildOf({ TENON_REVISION: "4f2c-dirty" }), { revision: "4f2c", uncommittedChanges: true });
  await writeFile(join(dir, "revision.json"), '{"revision":"91ab","uncommittedChanges":false}');
  assert.deepEqual(buildOf({ TENON_REVISION: "4f2c" }), { revision: "91ab", uncommittedChanges: false });
});
