// Key Vault as Microsoft documents it; no service of Azure was asked.
import assert from "node:assert/strict";
import { test, type TestContext } from "node:test";
import { type Answer, documentedServer, storeOf } from "./documented-server.test.support.ts";

/** Also the identity endpoint of Container Apps, which gives the token. */
async function azure(context: TestContext, answer: (path: string) => Answer) {
  const server = await documentedServer(context, ({ path }) =>
    path.startsWith("/identity")
      ? { json: { access_token: "the token", expires_on: String(Math.floor(Date.now() / 1000) + 3600) } }
      : answer(path),
  );
  const environment = { IDENTITY_ENDPOINT: `${server.url}/identity`, IDENTITY_HEADER: "a header" };
  return { store: storeOf({ type: "azure_key_vault", vault_url: `${server.url}/` }, environment), asked: server.asked };
}

test("the current version of a secret, and any other", async (context) => {
  const { store, asked } = await azure(context, (path) => ({ json: { value: `value of ${path}`, id: "https://…" } }));
  assert.equal(await store.read("db-password"), "value of /secrets/db-password?api-version=7.4");
  assert.equal(await store.read("db-password@0f1e"), "value of /secrets/db-password/0f1e?api-version=7.4");
  const [token, first, second] = asked;
  assert.equal(new URL(token!.path, "http://host").searchParams.get("resource"), "https://vault.azure.net");
  assert.deepEqual(
    [first, second].map((one) => one?.headers.authorization),
    ["Bearer the token", "Bearer the token"],
  );
});

test("what Azure says of a refusal is told, and no value", async (context) => {
  const error = { code: "SecretNotFound", message: "A secret with (name/id) db was not found in this key vault." };
  const { store } = await azure(context, () => ({ status: 404, json: { error } }));
  await assert.rejects(store.read("db"), /answered 404: SecretNotFound, A secret with/);
  const { store: odd } = await azure(context, () => ({ json: { wert: "a value" } }));
  await assert.rejects(odd.read("db"), (thrown: Error) => !thrown.message.includes("a value"));
});

test("a name leads nowhere else", async (context) => {
  const { store, asked } = await azure(context, () => ({ json: {} }));
  for (const name of ["../keys/db", "a_b", "", "db@1/2"]) await assert.rejects(store.read(name));
  assert.equal(asked.length, 0);
});
