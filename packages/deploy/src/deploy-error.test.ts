// The catalogue and docs/reference/deploy.md say the same, in both directions.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { it } from "node:test";
import { deployErrors } from "./deploy-error.ts";

it("docs/reference/deploy.md lists every code, in the catalogue's words, and no other", () => {
  const page = readFileSync(new URL("../../../docs/reference/deploy.md", import.meta.url), "utf8");
  const section = page.split(/^## /m).find((part) => part.startsWith("Errors"));
  assert.deepEqual(
    (section ?? "").split("\n").filter((line) => line.startsWith("| `")),
    Object.entries(deployErrors).map(([code, when]) => `| \`${code}\` | ${when} |`),
  );
});
