// The catalogue and docs/reference/errors.md say the same, in both directions.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { it } from "node:test";
import { testingErrors } from "./errors.ts";

it("docs/reference/errors.md lists what a test can ask for wrongly, and nothing else", () => {
  const page = readFileSync(new URL("../../../../docs/reference/errors.md", import.meta.url), "utf8");
  const section = page.split(/^## /m).find((part) => part.startsWith("In tests"));
  const codes = [...(section ?? "").matchAll(/^\| `(\w+)`/gm)].map(([, code]) => code);
  assert.deepEqual(codes, Object.keys(testingErrors));
});
