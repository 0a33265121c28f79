// Holds the catalogue of the embedded server's errors and docs/reference/sql.md together.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { it } from "node:test";
import { engineErrors } from "./errors.ts";

it("docs/reference/sql.md lists every code of an EngineError, in the catalogue's words, and no other", () => {
  const page = readFileSync(new URL("../../../../../docs/reference/sql.md", import.meta.url), "utf8");
  const section = page.slice(page.indexOf("## The embedded server"));
  assert.deepEqual(
    section
      .split("\n")
      .filter((line) => line.startsWith("| `"))
      .map((line) => line.replace(/ +\|/g, " |")),
    Object.entries(engineErrors).map(([code, { message, hint }]) => `| \`${code}\` | ${message}. ${hint} |`),
  );
});
