// What a statement is called in a trace, and which lane it takes.
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { summarizeStatement } from "./statement-summary.ts";

describe("summarizeStatement", () => {
  const cases: [text: string, name: string, plainRead: boolean][] = [
    ["SELECT 1", "SELECT", true],
    ["select * from users where id = $1", "SELECT users", true],
    ["  -- from nowhere\n/* from there */ SELECT a FROM public.users u JOIN b ON true", "SELECT public.users", true],
    ['SELECT * FROM "My Table"', "SELECT My Table", true],
    ["SELECT ' from fake ' FROM real", "SELECT real", true],
    ["SELECT $$ from fake $$ FROM real", "SELECT real", true],
    ["SELECT * FROM users FOR UPDATE", "SELECT users", false],
    ["SELECT * FROM users FOR NO KEY UPDATE SKIP LOCKED", "SELECT users", false],
    ["SELECT * FROM users FOR KEY SHARE", "SELECT users", false],
    ["SELECT pg_advisory_lock(1)", "SELECT", false],
    ["SELECT pg_sleep(1)", "SELECT", false],
    ["INSERT INTO orders (a) VALUES ($1)", "INSERT orders", false],
    ["INSERT INTO orders SELECT * FROM users", "INSERT orders", false],
    ["UPDATE ONLY orders SET a = 1", "UPDATE orders", false],
    ["DELETE FROM orders WHERE a IN (SELECT a FROM b)", "DELETE orders", false],
    ["WITH x AS (DELETE FROM a RETURNING *) SELECT * FROM x", "WITH a", false],
    ["CREATE TABLE IF NOT EXISTS t (a int)", "CREATE t", false],
    ["TRUNCATE TABLE t", "TRUNCATE t", false],
    ["(SELECT 1) UNION (SELECT 2)", "SELECT", true],
    ["", "SQL", false],
    ["'only a string", "SQL", false],
  ];
  for (const [text, name, plainRead] of cases) {
    it(JSON.stringify(text), () => {
      const summary = summarizeStatement(text);
      assert.deepEqual([summary.name, summary.plainRead], [name, plainRead]);
    });
  }

  it("takes no long time over hostile texts", () => {
    for (const text of [
      `SELECT ${'"'.repeat(50_000)}`,
      `SELECT ${"'".repeat(50_001)}`,
      `SELECT ${"/*".repeat(50_000)}`,
      `SELECT ${"$a".repeat(50_000)}`,
      `${"(".repeat(50_000)}SELECT`,
    ]) {
      summarizeStatement(text);
    }
  });
});
