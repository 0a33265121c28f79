// Diagnostics as people see them.
import assert from "node:assert/strict";
import { test } from "node:test";
import type { Diagnostic } from "@tenon/model";
import { renderDiagnostic } from "./render.ts";

const diagnostic: Diagnostic = {
  code: "TN1201",
  severity: "error",
  file: "users/types.ts",
  line: 2,
  column: 3,
  endLine: 2,
  endColumn: 11,
  message: "User.onChange is a function",
  hint: "Leave it out.",
};
const text = "interface User {\n  onChange: () => void;\n}\n";

test("message, place, frame with carets, fix", () => {
  assert.equal(
    renderDiagnostic(diagnostic, text, { color: false }),
    [
      "error TN1201 User.onChange is a function",
      "  at users/types.ts:2:3",
      "  1 | interface User {",
      "  2 |   onChange: () => void;",
      "    |   ^^^^^^^^",
      "  3 | }",
      "  fix: Leave it out.",
    ].join("\n"),
  );
});

test("tabs keep the carets in place, and a span over lines is marked to the end of its first", () => {
  const lines = renderDiagnostic({ ...diagnostic, line: 1, column: 2, endLine: 2, endColumn: 1 }, "\tabc\n}", {
    color: false,
  }).split("\n");
  assert.deepEqual(lines.slice(2, 4), ["  1 | \tabc", "    | \t^^^"]);
});

test("without a file there is no frame; colours only when asked for", () => {
  assert.equal(renderDiagnostic({ ...diagnostic, file: "" }, null, { color: false }).split("\n").length, 2);
  assert.ok(renderDiagnostic(diagnostic, text, { color: true }).includes("\u001b[31m"));
});
