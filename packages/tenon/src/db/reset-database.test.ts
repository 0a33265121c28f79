// Databases on a server of one's own are dropped only when somebody says so.
import assert from "node:assert/strict";
import { test } from "node:test";
import type { Database } from "@tenon/model";
import { CommandError } from "../commands/definition.ts";
import type { DatabasePlace } from "./database-places.ts";
import { requireConsent } from "./reset-database.ts";

function place(name: string, isEmbedded: boolean): DatabasePlace {
  const adminUrl = "postgres://admin:secret@db.internal:5433/postgres";
  const own = { adminUrl, isEmbedded, appDir: "/app", declaration: { name } as Database, hasOutbox: false };
  return { name, connectionString: adminUrl, services: [], own };
}

test("the embedded server needs no consent, another one does, and the error names host and databases", () => {
  requireConsent([place("users", true)], false);
  requireConsent([place("users", false)], true);
  assert.throws(
    () => requireConsent([place("users", false), place("orders", false)], false),
    (error) => {
      assert.ok(error instanceof CommandError && error.code === "reset_unconfirmed");
      assert.match(error.message, /"users", "orders" on db\.internal:5433/);
      assert.doesNotMatch(error.message, /secret/);
      assert.match(error.hint ?? "", /--yes/);
      return true;
    },
  );
});
