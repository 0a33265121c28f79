// What AWS Secrets Manager is sent; conformance/secret-stores.test.mjs has a server that others have written.
import assert from "node:assert/strict";
import { test, type TestContext } from "node:test";
import { type Answer, type Asked, documentedServer, storeOf } from "./documented-server.test.support.ts";

const keys = { AWS_ACCESS_KEY_ID: "AKIDEXAMPLE", AWS_SECRET_ACCESS_KEY: "secret", AWS_SESSION_TOKEN: "session" };

async function aws(context: TestContext, answer: (asked: Asked) => Answer) {
  const server = await documentedServer(context, answer);
  const settings = { type: "aws_secrets_manager", prefix: "shop/", endpoint: server.url };
  return { store: storeOf(settings, { ...keys, AWS_REGION: "eu-central-1" }), asked: server.asked };
}

test("names have the prefix, ARNs their own region, and all is signed", async (context) => {
  const { store, asked } = await aws(context, ({ body }) => ({
    json: { SecretString: `value of ${JSON.parse(body).SecretId}` },
  }));
  assert.equal(await store.read("db"), "value of shop/db");
  const arn = "arn:aws:secretsmanager:us-west-2:123456789012:secret:other-AbCdEf";
  assert.equal(await store.read(arn), `value of ${arn}`);
  const scopes = asked.map(
    ({ headers }) => /Credential=AKIDEXAMPLE\/\d{8}\/([^,]+),/.exec(headers.authorization ?? "")?.[1],
  );
  assert.deepEqual(scopes, ["eu-central-1/secretsmanager/aws4_request", "us-west-2/secretsmanager/aws4_request"]);
  for (const { method, headers } of asked) {
    assert.equal(method, "POST");
    assert.equal(headers["x-amz-target"], "secretsmanager.GetSecretValue");
    assert.equal(headers["x-amz-security-token"], "session");
    assert.match(
      headers.authorization ?? "",
      /SignedHeaders=content-type;host;x-amz-date;x-amz-security-token;x-amz-target,/,
    );
  }
});

test("a binary secret is its text", async (context) => {
  const { store } = await aws(context, () => ({ json: { SecretBinary: Buffer.from("grüße").toString("base64") } }));
  assert.equal(await store.read("db"), "grüße");
});

test("what AWS says of a refusal is told", async (context) => {
  const refusal = { __type: "ResourceNotFoundException", Message: "Secrets Manager can't find the specified secret." };
  const { store, asked } = await aws(context, () => ({ status: 400, json: refusal }));
  await assert.rejects(store.read("db"), /answered 400: ResourceNotFoundException, Secrets Manager can't find/);
  assert.equal(asked.length, 1);
});
