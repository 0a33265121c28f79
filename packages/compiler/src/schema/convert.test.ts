// What no program leads to by itself, on hand-made records, and that template patterns accept what TypeScript accepts.
import assert from "node:assert/strict";
import { test } from "node:test";
import type { TypeRecord } from "../source/type-source.ts";
import { Converter } from "./convert.ts";

function convert(records: readonly TypeRecord[]) {
  const converter = new Converter(new Map(records.map((record, i) => [i, record])), (declaration) => declaration);
  return converter.convertRoot(0, "response");
}

test("an open type parameter is refused by name", () => {
  const { problems } = convert([{ kind: "parameter", name: "T" }]);
  assert.deepEqual(problems, [{ code: "TN1203", path: "response", detail: "T", declaration: null }]);
});

test("template patterns match whole strings, numbers as TypeScript reads them", () => {
  const { schema } = convert([
    { kind: "template", texts: ["a.", "/", ""], types: [1, 2] },
    { kind: "keyword", name: "number" },
    { kind: "keyword", name: "string" },
  ]);
  assert.equal(schema.kind, "string");
  const pattern = new RegExp((schema.kind === "string" && schema.pattern) || "never", "su");
  for (const text of ["a.1/", "a.-1.5/x", "a.1e3/\n", "a.0x1F/é"]) assert.ok(pattern.test(text), text);
  for (const text of ["a1/x", "a./x", "a.one/x", "a.1", "xa.1/"]) assert.ok(!pattern.test(text), text);
});
