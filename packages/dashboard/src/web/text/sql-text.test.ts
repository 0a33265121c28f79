import assert from "node:assert/strict";
import { test } from "node:test";
import { seededRandom } from "../sample-app/seeded-random.ts";
import { layOutSql } from "./sql-text.ts";

const laidOut = (sql: string) =>
  layOutSql(sql)
    .map((part) => part.text)
    .join("");

test("one clause a line", () => {
  assert.equal(
    laidOut(
      "SELECT id,  name FROM users\n   LEFT JOIN teams ON teams.id = team_id WHERE id = $1 ORDER BY name LIMIT 5",
    ),
    "SELECT id, name\nFROM users\nLEFT JOIN teams ON teams.id = team_id\nWHERE id = $1\nORDER BY name\nLIMIT 5",
  );
  assert.equal(
    laidOut("INSERT INTO t (a) VALUES ($1) ON CONFLICT (a) DO UPDATE SET a = excluded.a RETURNING a"),
    "INSERT INTO t (a)\nVALUES ($1)\nON CONFLICT (a) DO UPDATE SET a = excluded.a\nRETURNING a",
  );
  assert.equal(laidOut("DELETE FROM t WHERE a = 1"), "DELETE FROM t\nWHERE a = 1");
  assert.equal(laidOut("SELECT 1 FROM t FOR UPDATE SKIP LOCKED"), "SELECT 1\nFROM t\nFOR UPDATE SKIP LOCKED");
});

test("what stands in parentheses, quotes and comments keeps its line", () => {
  assert.equal(laidOut("SELECT (SELECT 1 FROM t WHERE x) FROM u"), "SELECT (SELECT 1 FROM t WHERE x)\nFROM u");
  assert.equal(laidOut("SELECT 'a  FROM  b' FROM t"), "SELECT 'a  FROM  b'\nFROM t");
  assert.equal(laidOut("SELECT $$ a  FROM b $$ FROM t"), "SELECT $$ a  FROM b $$\nFROM t");
  assert.equal(laidOut('SELECT "from" FROM t'), 'SELECT "from"\nFROM t');
  assert.equal(laidOut("SELECT 1 -- FROM here\n, 2 FROM t"), "SELECT 1 -- FROM here\n, 2\nFROM t");
});

test("keywords, literals and comments are told apart", () => {
  assert.deepEqual(layOutSql("select 'it''s' /* why */"), [
    { kind: "keyword", text: "select" },
    { kind: "text", text: " " },
    { kind: "literal", text: "'it''s'" },
    { kind: "text", text: " " },
    { kind: "comment", text: "/* why */" },
  ]);
});

test("whatever the statement, laying it out changes nothing but white space", () => {
  const pieces = [
    "SELECT",
    "from",
    "LEFT",
    "JOIN",
    "users",
    "(",
    ")",
    "'",
    '"',
    "--",
    "/*",
    "*/",
    "\n",
    " ",
    "  ",
    "$1",
    "$$",
  ];
  const more = ["é", "💡", "UPDATE", "SET", ",", "=", "::text", "\\", "ON", "''", "$tag$"];
  const all = [...pieces, ...more] as [string, ...string[]];
  for (let seed = 1; seed <= 2000; seed += 1) {
    const random = seededRandom(seed);
    const sql = Array.from({ length: random.integer(25) }, () => random.pick(all)).join(random.pick(["", " "]));
    const squeeze = (text: string) => text.replace(/\s+/g, "");
    assert.equal(squeeze(laidOut(sql)), squeeze(sql), `seed ${seed}: ${JSON.stringify(sql)}`);
    assert.equal(laidOut(laidOut(sql)), laidOut(sql), `seed ${seed}, laid out twice: ${JSON.stringify(sql)}`);
  }
});
