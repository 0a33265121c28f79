// Names of metadata come back from Azure as they were given.
import assert from "node:assert/strict";
import { test } from "node:test";
import { random } from "../seeded-random.test.support.ts";
import { fromAzureName, toAzureName } from "./metadata-name.ts";

test("names that Azure takes stay as they are", () => {
  for (const name of ["author", "a_b", "x2e", "_", "a_xyz_"]) assert.equal(toAzureName(name), name);
  assert.equal(toAzureName("page.count"), "page_x2e_count");
  assert.equal(toAzureName("2nd-page"), "_x32_nd_x2d_page");
});

test("any name becomes one that Azure takes, and comes back", () => {
  const letters = "ax2_.-e0";
  const next = random(1);
  for (let i = 0; i < 5_000; i++) {
    const length = 1 + next(12);
    const name = Array.from({ length }, () => letters[next(letters.length)]).join("");
    const taken = toAzureName(name);
    assert.match(taken, /^[a-z_][a-z0-9_]*$/, name);
    assert.equal(fromAzureName(taken), name);
  }
});
