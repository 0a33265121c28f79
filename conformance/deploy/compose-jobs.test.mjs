// The two jobs of `tenon deploy compose` against the real engines: what they make is as the declarations say, and a second run changes nothing.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { GetBucketVersioningCommand, S3Client } from "@aws-sdk/client-s3";
import { deriveDeployment, findTarget, readSettings } from "@tenon/deploy";
import pg from "pg";
import { noPeer, startPeer } from "../objects/peer.mjs";
import { root } from "../harness/tenon.mjs";

const { sampleGraph: graph } = await import(join(root, "packages/deploy/dist/deployment/sample-graph.test.support.js"));
const { startPostgres } = await import(join(root, "packages/tenon/dist/engines/postgres/start-postgres.js"));

const target = findTarget("compose");
const files = target.render({
  deployment: deriveDeployment(graph, "per-service"),
  graph,
  settings: readSettings(target, {}, {}),
});
const textOf = (path) => files.find((file) => file.path === path).text;
const hasPsql = spawnSync("psql", ["--version"]).status === 0;

test("databases.sql: a role for each database, which no other role may enter", {
  skip: hasPsql ? false : "psql is not here",
}, async (t) => {
  const folder = await mkdtemp(join(tmpdir(), "tenon-compose-"));
  const server = await startPostgres({ dataDir: join(folder, "data") });
  t.after(async () => {
    await server.stop();
    await rm(folder, { recursive: true, force: true });
  });
  await writeFile(join(folder, "databases.sql"), textOf("databases.sql"));
  const passwords = {
    ACCOUNTS_PASSWORD: "it's $one",
    LEDGER_PASSWORD: "two",
    ORDER_ITEMS_PASSWORD: "three",
    TENON_MESSAGES_PASSWORD: "four",
  };
  const run = (changed = {}) => {
    const args = [
      server.adminUrl,
      "--no-psqlrc",
      "--quiet",
      "--set=ON_ERROR_STOP=1",
      `--file=${join(folder, "databases.sql")}`,
    ];
    const { status, stderr } = spawnSync("psql", args, {
      env: { ...process.env, ...passwords, ...changed },
      encoding: "utf8",
    });
    assert.equal(status, 0, stderr);
  };
  const enter = async (user, password, database) => {
    const url = new URL(server.adminUrl);
    const client = new pg.Client({ host: url.hostname, port: Number(url.port), user, password, database });
    await client.connect();
    try {
      await client.query("CREATE TABLE IF NOT EXISTS proof (id int)");
    } finally {
      await client.end();
    }
  };
  run();
  run();
  await enter("accounts", "it's $one", "accounts");
  await enter("tenon_messages", "four", "tenon_messages");
  await enter("order-items", "three", "order-items");
  for (const other of ["ledger", "postgres", "template1"]) {
    await assert.rejects(enter("accounts", "it's $one", other), { code: "42501" }, other);
  }
  run({ ACCOUNTS_PASSWORD: "another" });
  await enter("accounts", "another", "accounts");
  await assert.rejects(enter("accounts", "it's $one", "accounts"), { code: "28P01" });
});

test("buckets.sh: buckets that are public or versioned where the code says so", { skip: noPeer }, async (t) => {
  const peer = await startPeer({
    environment: { AWS_ACCESS_KEY_ID: "compose", AWS_SECRET_ACCESS_KEY: "compose-secret" },
  });
  t.after(() => peer.close());
  const run = () =>
    spawnSync("sh", ["-c", textOf("buckets.sh")], { env: { ...process.env, WEED: peer.shell }, encoding: "utf8" });
  for (const result of [run(), run()]) assert.equal(result.status, 0, result.stderr);
  const credentials = { accessKeyId: "compose", secretAccessKey: "compose-secret" };
  const client = new S3Client({ endpoint: peer.url, region: "us-east-1", forcePathStyle: true, credentials });
  t.after(() => client.destroy());
  const versioning = async (Bucket) => (await client.send(new GetBucketVersioningCommand({ Bucket }))).Status;
  assert.equal(await versioning("invoices"), "Enabled");
  assert.notEqual(await versioning("avatars"), "Enabled");
  const read = async (bucket) => (await fetch(`${peer.url}/${bucket}/nothing`)).status;
  assert.equal(await read("avatars"), 404);
  assert.equal(await read("invoices"), 403);
});
