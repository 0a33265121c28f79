// docs/reference/http.md lists every rule, and no other.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { framingRules } from "./framing-error.ts";

test("docs/reference/http.md lists the rules of framing with status and section", () => {
  const page = readFileSync(new URL("../../../../docs/reference/http.md", import.meta.url), "utf8");
  const rows = page.split("\n").filter((line) => /^\| `[a-z-]+` \| \d/.test(line));
  assert.deepEqual(
    rows.map((row) => {
      const cells = row.slice(2, -2).split(" | ");
      return [cells[0], cells[1], cells[3]];
    }),
    Object.entries(framingRules).map(([rule, { status, section }]) => [`\`${rule}\``, String(status), section]),
  );
});
