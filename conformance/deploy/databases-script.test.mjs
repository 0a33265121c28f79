// The script with which `tenon deploy terraform` makes databases and roles, run by psql as an administrator who is no superuser, as those of managed
// servers are: twice, with a password changed in between.
import assert from "node:assert/strict";
import { execFile, execFileSync } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, test } from "node:test";
import { promisify } from "node:util";
import { root } from "../harness/tenon.mjs";

const { startPostgres } = await import(join(root, "packages/tenon/dist/engines/postgres/start-postgres.js"));
const { provisionCommand } = await import(join(root, "packages/deploy/dist/targets/terraform/provision-script.js"));
const run = promisify(execFile);

const databases = ["orders", "order-items", "tenon_messages"];
const passwords = { ORDERS_PASSWORD: "it's one", ORDER_ITEMS_PASSWORD: "two", TENON_MESSAGES_PASSWORD: "three" };

describe("the script that makes databases", { skip: noPsql() }, () => {
  test("gives each its role and keeps the others out, and may run again", async () => {
    const folder = await mkdtemp(join(tmpdir(), "tenon-databases-"));
    const server = await startPostgres({ dataDir: join(folder, "data") });
    try {
      await psql(server.adminUrl, "CREATE ROLE tenon_admin LOGIN CREATEDB CREATEROLE PASSWORD 'admin'");
      await provision(server, passwords);
      await provision(server, { ...passwords, ORDERS_PASSWORD: "new" });
      for (const [database, password] of [
        ["orders", "new"],
        ["order-items", "two"],
        ["tenon_messages", "three"],
      ]) {
        const own = urlOf(server, { database, role: database, password });
        assert.equal(await psql(own, "CREATE TABLE IF NOT EXISTS t (); SELECT current_user"), database);
      }
      const foreign = urlOf(server, { database: "order-items", role: "orders", password: "new" });
      await assert.rejects(psql(foreign, "SELECT 1"), /permission denied for database/);
    } finally {
      await server.stop();
      await rm(folder, { recursive: true, force: true });
    }
  });
});

async function provision({ host, port }, environment) {
  const [shell, ...args] = provisionCommand(databases);
  const admin = { PGHOST: host, PGPORT: String(port), PGUSER: "tenon_admin", PGPASSWORD: "admin" };
  await run(shell, args, { env: { PATH: process.env.PATH, ...admin, ...environment } });
}

function urlOf(server, { database, role, password }) {
  return `postgres://${role}:${encodeURIComponent(password)}@${server.host}:${server.port}/${database}`;
}

async function psql(url, sql) {
  const { stdout } = await run("psql", [
    url,
    "--no-psqlrc",
    "--tuples-only",
    "--no-align",
    "--quiet",
    "--command",
    sql,
  ]);
  return stdout.trim();
}

function noPsql() {
  try {
    execFileSync("psql", ["--version"], { stdio: "pipe" });
    return false;
  } catch {
    return "there is no psql here (Debian: postgresql-client)";
  }
}
