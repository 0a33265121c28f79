// `secret_store` of infra.json against servers that others have written: OpenBao, which speaks as HashiCorp Vault does, and moto, which does as
// AWS does. Secret Manager of Google and Key Vault of Azure have no such server that could be had; their requests are tested beside their code.
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { join } from "node:path";
import { awsServerMissing, startAwsServer } from "./harness/aws-server.mjs";
import { baoServerMissing, rootToken, startBaoServer } from "./harness/bao-server.mjs";
import { root } from "./harness/tenon.mjs";

const { resolveInfra } = await import(join(root, "packages/tenon/dist/start/infra.js"));

async function read(store, secrets, environment = {}) {
  const content = { secret_store: store, secrets };
  const { infra, values } = await resolveInfra(content, { environment, folder: root });
  return { secrets: infra.secrets, problems: values.problems };
}

describe("vault, with OpenBao", { skip: baoServerMissing }, () => {
  let server;
  const store = (more) => ({ type: "vault", address: server.url, auth: { type: "token", token: rootToken }, ...more });
  before(async () => {
    server = await startBaoServer();
    const password = (value) => ({ data: { password: value, port: 5432 } });
    await server.call("POST", "secret/data/shop/db", password("first"));
    await server.call("POST", "secret/data/shop/db", password("second"));
    await server.call("POST", "secret/data/gone", password("x"));
    await server.call("DELETE", "secret/data/gone");
    await server.call("POST", "sys/mounts/old/kv", { type: "kv", options: { version: "1" } });
    await server.call("POST", "old/kv/mail", { user: "u", key: "k" });
  });
  after(() => server?.stop());

  test("fields of a secret, of its latest version and of an older one", async () => {
    const { secrets, problems } = await read(store(), {
      Now: { $secret: "shop/db", key: "password" },
      Port: { $secret: "shop/db", key: "port" },
      Before: { $secret: "shop/db@1", key: "password" },
    });
    assert.deepEqual(problems, []);
    assert.deepEqual(secrets, { Now: "second", Port: "5432", Before: "first" });
  });

  test("all declared secrets from one of the store", async () => {
    const { secrets } = await read(store({ mount: "old/kv", kv_version: 1 }), { $secret: "mail" });
    assert.deepEqual(secrets, { user: "u", key: "k" });
  });

  test("an AppRole is what its policy says", async () => {
    const policy = 'path "secret/data/shop/*" { capabilities = ["read"] }';
    await server.call("POST", "sys/policies/acl/shop", { policy });
    await server.call("POST", "sys/auth/approle", { type: "approle" });
    await server.call("POST", "auth/approle/role/shop", { token_policies: ["shop"] });
    const { data: role } = await server.call("GET", "auth/approle/role/shop/role-id");
    const { data: secret } = await server.call("POST", "auth/approle/role/shop/secret-id");
    const auth = { type: "approle", role_id: role.role_id, secret_id: { $env: "SECRET_ID" } };
    const { secrets, problems } = await read(
      store({ auth }),
      { Mine: { $secret: "shop/db", key: "password" }, Theirs: { $secret: "other/db", key: "password" } },
      { SECRET_ID: secret.secret_id },
    );
    assert.equal(secrets.Mine, "second");
    assert.equal(problems.length, 1);
    assert.match(
      problems[0],
      /^secrets\.Theirs: the secret "other\/db" can't be read: .* answered 403: .*permission denied/s,
    );
  });

  test("what is not there, or not any more, is told, and so is a token that nobody knows", async () => {
    const { problems } = await read(store(), { Never: { $secret: "never" }, Gone: { $secret: "gone" } });
    assert.match(problems[0], /the secret "never" can't be read: there is none at v1\/secret\/data\/never$/);
    assert.match(problems[1], /the secret "gone" can't be read: there is none at v1\/secret\/data\/gone$/);
    const wrong = store({ auth: { type: "token", token: "no such token" } });
    const refused = await read(wrong, { A: { $secret: "shop/db", key: "password" } });
    assert.match(refused.problems[0], /answered 403: .*permission denied/s);
    assert.doesNotMatch(refused.problems[0], /no such token/);
  });
});

describe("aws_secrets_manager, with moto", { skip: awsServerMissing }, () => {
  let server;
  const environment = { AWS_ACCESS_KEY_ID: "test", AWS_SECRET_ACCESS_KEY: "test", AWS_REGION: "eu-central-1" };
  const store = () => ({ type: "aws_secrets_manager", prefix: "shop/", endpoint: server.url });
  before(async () => {
    server = await startAwsServer();
    const headers = { "content-type": "application/x-amz-json-1.1", "x-amz-target": "secretsmanager.CreateSecret" };
    const authorization =
      "AWS4-HMAC-SHA256 Credential=test/20261123/eu-central-1/secretsmanager/aws4_request, SignedHeaders=host, Signature=0";
    const body = JSON.stringify({ Name: "shop/db", SecretString: '{"username":"shop","password":"p@ss"}' });
    const response = await fetch(server.url, { method: "POST", headers: { ...headers, authorization }, body });
    assert.equal(response.status, 200, await response.text());
  });
  after(() => server?.stop());

  test("fields of a secret", async () => {
    const { secrets, problems } = await read(store(), { Key: { $secret: "db", key: "password" } }, environment);
    assert.deepEqual(problems, []);
    assert.deepEqual(secrets, { Key: "p@ss" });
  });

  test("one that is not there is told", async () => {
    const { problems } = await read(store(), { Key: { $secret: "none" } }, environment);
    assert.match(
      problems[0],
      /^secrets\.Key: the secret "none" can't be read: .* answered 40[04]: ResourceNotFoundException, /,
    );
  });
});
