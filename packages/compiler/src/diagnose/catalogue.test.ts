// The catalogue, its documentation and the wrong programs hold together: no code without a page entry and a program that earns it.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { readFixtures } from "../fixture-app.test.support.ts";
import { catalogue } from "./catalogue.ts";

const page = readFileSync(
  join(dirname(fileURLToPath(import.meta.url)), "../../../../docs/reference/diagnostics.md"),
  "utf8",
);

/** Not reachable by a program alone; tested where they arise. */
const elsewhere: Readonly<Record<string, string>> = {
  TN1203:
    "schema/convert.test.ts: TypeScript itself closes every type parameter at a top-level constant that we know of",
  TN1901: "source/type-source.test.ts: needs a broken installation",
};

test("every code is on the page, and the page has no others of ours", () => {
  const documented = [...page.matchAll(/^### (TN1[0-79]\d\d)\b/gm)].map((match) => match[1]!);
  assert.deepEqual(documented, Object.keys(catalogue));
});

test("every code has a wrong program", () => {
  const shown = readFixtures("wrong").flatMap(({ header }) =>
    header.filter(({ key }) => key === "expect").map(({ value }) => value.split(" ")[0]!),
  );
  const missing = Object.keys(catalogue).filter((code) => !shown.includes(code) && !(code in elsewhere));
  assert.deepEqual(missing, []);
});
