import assert from "node:assert/strict";
import { test } from "node:test";
import type { Endpoint, Issue, Schema } from "@tenon/model";
import { looseRequest } from "./loose-request.ts";

const kinds: Readonly<Record<string, "number" | "boolean" | "string">> = {
  id: "number",
  all: "boolean",
  tag: "string",
  count: "number",
};
const request: Schema = {
  kind: "object",
  properties: Object.entries(kinds).map(([name, kind]) => ({ name, schema: { kind }, optional: true })),
};
const endpoint = {
  request,
  fields: [
    { name: "id", in: "path", wireName: "id" },
    { name: "all", in: "query", wireName: "all" },
    { name: "tag", in: "header", wireName: "x-tag" },
    { name: "count", in: "body", wireName: "count" },
  ],
} as unknown as Endpoint;

const convert = (value: unknown, issues: Issue[]): unknown => {
  for (const [name, one] of Object.entries(value as object))
    if (typeof one !== kinds[name]) issues.push({ path: name, code: "invalid_type", message: `is no ${kinds[name]}` });
  return value;
};
const codec = looseRequest({ decode: convert, encode: convert, copy: convert, decodeHttp: convert }, endpoint, {});

test("fields that travel as text are of the type they are declared as", () => {
  const issues: Issue[] = [];
  assert.deepEqual(codec.copy({ id: "7", all: "true", tag: 5, count: 1 }, issues), {
    id: 7,
    all: true,
    tag: "5",
    count: 1,
  });
  assert.deepEqual(issues, []);
});

test("what is no number stays wrong, as do fields of the body", () => {
  const issues: Issue[] = [];
  codec.encode({ id: "seven", count: "1" }, issues);
  assert.deepEqual(
    issues.map(({ path }) => path),
    ["id", "count"],
  );
});

test("what comes from elsewhere is checked as ever", () => {
  const issues: Issue[] = [];
  codec.decode({ id: "7" }, issues);
  assert.equal(issues.length, 1);
});
