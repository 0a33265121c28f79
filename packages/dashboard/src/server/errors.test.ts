import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { dashboardStartCodes } from "./errors.ts";

test("docs/reference/dashboard-api.md lists exactly the reasons not to start", () => {
  const text = readFileSync(new URL("../../../../docs/reference/dashboard-api.md", import.meta.url), "utf8");
  const section = text.slice(text.indexOf("## When it does not start"));
  const documented = [...section.matchAll(/^\| `(\w+)` +\|/gm)].map((match) => match[1]);
  assert.deepEqual(documented, [...dashboardStartCodes]);
});
