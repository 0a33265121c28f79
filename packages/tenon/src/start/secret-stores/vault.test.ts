// What a Vault is sent; conformance/secret-stores.test.mjs has a real server.
import assert from "node:assert/strict";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { documentedServer, storeOf } from "./documented-server.test.support.ts";

const kv2 = (data: object) => ({ data: { data, metadata: { version: 1 } } });

test("a pod shows the token of its service account once, for all secrets", async (context) => {
  const folder = await mkdtemp(join(tmpdir(), "tenon-vault-"));
  context.after(() => rm(folder, { recursive: true, force: true }));
  const tokenFile = join(folder, "token");
  await writeFile(tokenFile, "a.b.c\n");
  const server = await documentedServer(context, ({ path }) => ({
    json: path.endsWith("/login") ? { auth: { client_token: "hvs.1" } } : kv2({ password: "p" }),
  }));
  const auth = { type: "kubernetes", role: "shop", mount: "clusters/eu", token_file: tokenFile };
  const store = storeOf({ type: "vault", address: server.url, mount: "kv/apps", namespace: "team", auth });
  assert.deepEqual(await Promise.all([store.read("db"), store.read("mail/smtp@2")]), [
    '{"password":"p"}',
    '{"password":"p"}',
  ]);
  const [login, ...reads] = server.asked;
  assert.equal(login?.path, "/v1/auth/clusters/eu/login");
  assert.deepEqual(JSON.parse(login!.body), { role: "shop", jwt: "a.b.c" });
  const paths = reads.map(({ path }) => path).sort();
  assert.deepEqual(paths, ["/v1/kv/apps/data/db", "/v1/kv/apps/data/mail/smtp?version=2"]);
  for (const { headers } of reads) assert.equal(headers["x-vault-token"], "hvs.1");
  for (const { headers } of server.asked) assert.equal(headers["x-vault-namespace"], "team");
});

test("version 1 of the engine has another path, and no versions", async (context) => {
  const server = await documentedServer(context, () => ({ json: { data: { password: "p" } } }));
  const auth = { type: "token", token: "t" };
  const store = storeOf({ type: "vault", address: server.url, kv_version: 1, auth });
  assert.equal(await store.read("db@2"), '{"password":"p"}');
  assert.equal(server.asked[0]?.path, "/v1/secret/db%402");
});

test("a login that is refused is told once for each secret, with its reason", async (context) => {
  const server = await documentedServer(context, () => ({ status: 403, json: { errors: ["permission denied"] } }));
  const auth = { type: "approle", role_id: "r", secret_id: "very secret" };
  const store = storeOf({ type: "vault", address: server.url, auth });
  const told = `the login at auth/approle failed: ${server.host} answered 403: permission denied`;
  await assert.rejects(store.read("db"), { message: told });
  await assert.rejects(store.read("mail"), { message: told });
  assert.equal(server.asked.length, 1);
});

test("a token that no request can have is not shown", async (context) => {
  const server = await documentedServer(context, () => ({ json: kv2({}) }));
  const auth = { type: "token", token: "very\nsecret" };
  await assert.rejects(storeOf({ type: "vault", address: server.url, auth }).read("db"), (error: Error) => {
    assert.match(error.message, /header "x-vault-token" has characters/);
    return !error.message.includes("secret");
  });
  assert.equal(server.asked.length, 0);
});

test("nobody is led elsewhere: neither by a name nor by an answer", async (context) => {
  const elsewhere = await documentedServer(context, () => ({ json: kv2({ password: "of another" }) }));
  const server = await documentedServer(context, () => ({
    status: 307,
    headers: { location: elsewhere.url },
    json: {},
  }));
  const store = storeOf({ type: "vault", address: server.url, auth: { type: "token", token: "t" } });
  for (const name of ["../sys/seal", "a//b", "", "./a", "a/.."])
    await assert.rejects(store.read(name), /a path whose parts/);
  assert.equal(server.asked.length, 0);
  await assert.rejects(store.read("db"), /cannot be reached/);
  assert.equal(elsewhere.asked.length, 0);
});
