// Cutting SQL into statements: examples for every hiding place of a semicolon, and random texts put together from known pieces.
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { splitStatements } from "./split-statements.ts";

const texts = (sql: string): string[] => splitStatements(sql).map(({ text }) => text.trim());

describe("splitStatements", () => {
  const cases: [sql: string, expected: string[]][] = [
    ["", []],
    [" ;; ; -- only; comments\n /* and; */", []],
    ["a;b", ["a", "b"]],
    ["SELECT ';' ; b", ["SELECT ';'", "b"]],
    ["SELECT 'it''s;' ; b", ["SELECT 'it''s;'", "b"]],
    ["SELECT '\\' ; b", ["SELECT '\\'", "b"]],
    ["SELECT E'\\';' ; b", ["SELECT E'\\';'", "b"]],
    ['SELECT ";" ; b', ['SELECT ";"', "b"]],
    ["a -- x; y\n; b", ["a -- x; y", "b"]],
    ["a /* ; /* ; */ ; */ ; b", ["a /* ; /* ; */ ; */", "b"]],
    ["DO $$ a; b; $$; c", ["DO $$ a; b; $$", "c"]],
    ["DO $body$ a; $$ b; $$ $body$; c", ["DO $body$ a; $$ b; $$ $body$", "c"]],
    ["SELECT $1; SELECT a$b$c; d", ["SELECT $1", "SELECT a$b$c", "d"]],
    ["SELECT 'open; forever", ["SELECT 'open; forever"]],
    ['SELECT "open; forever', ['SELECT "open; forever']],
    ["SELECT E'open\\'; forever", ["SELECT E'open\\'; forever"]],
    ["DO $$ open; forever", ["DO $$ open; forever"]],
  ];
  for (const [sql, expected] of cases) it(JSON.stringify(sql), () => assert.deepEqual(texts(sql), expected));

  it("puts random statements back together, with their offsets", () => {
    const pieces = [
      "SELECT 1",
      "';'",
      "'a''b;'",
      '"q;"',
      "$$;$$",
      "$t$ ; $x$ $t$",
      "/* ;/*;*/ */",
      "-- ;\n",
      "E'\\';'",
      "🎉",
      "é",
      "$1",
      "x",
    ];
    let seed = 42;
    const random = (below: number): number => {
      seed = (seed * 1_103_515_245 + 12_345) % 2_147_483_648;
      return Math.floor((seed / 2_147_483_648) * below);
    };
    for (let round = 0; round < 5_000; round++) {
      const statements = Array.from({ length: 1 + random(5) }, () =>
        ["x", ...Array.from({ length: random(6) }, () => pieces[random(pieces.length)]!)].join(" "),
      );
      const sql = statements.join(";");
      const split = splitStatements(sql);
      assert.deepEqual(
        split.map(({ text }) => text),
        statements,
        JSON.stringify(sql),
      );
      for (const { text, offset } of split) assert.ok([...sql].slice(offset).join("").startsWith(text));
    }
  });
});
