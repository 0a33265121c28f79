import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { telemetrySettingErrors } from "./errors.ts";

test("docs/reference/tracing.md lists exactly the errors there are", () => {
  const text = readFileSync(new URL("../../../../docs/reference/tracing.md", import.meta.url), "utf8");
  const section = text.slice(text.indexOf("## Settings that are refused"));
  const documented = [...section.matchAll(/^\| `(\w+)` +\| (.*?) +\|$/gm)].map((match) => [match[1], match[2]]);
  assert.deepEqual(documented, Object.entries(telemetrySettingErrors));
});
