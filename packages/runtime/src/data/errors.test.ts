// Holds the catalogue of errors and docs/reference/sql.md together, in both directions.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { describe, it } from "node:test";
import { databaseErrors, migrationErrors } from "./errors.ts";

const page = readFileSync(new URL("../../../../docs/reference/sql.md", import.meta.url), "utf8");

function rowsBetween(start: string, end: string): string[] {
  const section = page.slice(page.indexOf(start), page.indexOf(end));
  // The formatter pads the cells of tables.
  return section
    .split("\n")
    .filter((line) => line.startsWith("| `"))
    .map((line) => line.replace(/ +\|/g, " |"));
}

describe("docs/reference/sql.md", () => {
  it("lists every code of a DatabaseError, in the catalogue's words, and no other", () => {
    assert.deepEqual(
      rowsBetween("A failed statement throws", "Migrations throw a"),
      Object.entries(databaseErrors).map(
        ([code, { message, hint, status, retryable }]) =>
          `| \`${code}\` | \`${status}\` | ${retryable ? "yes" : "no"} | ${message}. ${hint} |`,
      ),
    );
  });

  it("lists every code of a MigrationError, in the catalogue's words, and no other", () => {
    assert.deepEqual(
      rowsBetween("Migrations throw a", "## The embedded server"),
      Object.entries(migrationErrors).map(([code, { message, hint }]) => `| \`${code}\` | ${message}. ${hint} |`),
    );
  });
});
