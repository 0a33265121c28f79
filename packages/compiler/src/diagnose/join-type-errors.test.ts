import assert from "node:assert/strict";
import { test } from "node:test";
import type { Diagnostic } from "@tenon/model";
import { joinTypeErrors } from "./join-type-errors.ts";

function at(code: string, file: string, line: number, column = 1): Diagnostic {
  return { code, severity: "error", file, line, column, endLine: line, endColumn: column, message: code };
}

function codes(own: Diagnostic[], typeErrors: Diagnostic[]): string[] {
  return joinTypeErrors(own, typeErrors).map(({ code }) => code);
}

test("a file that does not parse is complained about once", () => {
  assert.deepEqual(codes([at("TN1001", "a.ts", 2)], [at("TS1005", "a.ts", 2, 9), at("TS2304", "b.ts", 1)]), [
    "TN1001",
    "TS2304",
  ]);
});

test("a missing module is complained about once", () => {
  assert.deepEqual(codes([at("TN1821", "a.ts", 2, 5)], [at("TS2307", "a.ts", 2, 5)]), ["TN1821"]);
});

test("an unresolved type gives way to TypeScript's reason in the same file, and stays without one", () => {
  assert.deepEqual(codes([at("TN1208", "a.ts", 9), at("TN1208", "b.ts", 9)], [at("TS2307", "a.ts", 1)]), [
    "TN1208",
    "TS2307",
  ]);
});

test("an app without a service is not told about TypeScript's inputs", () => {
  assert.deepEqual(codes([at("TN1803", "", 1)], [at("TS18003", "", 1)]), ["TN1803"]);
});
