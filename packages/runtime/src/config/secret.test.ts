import assert from "node:assert/strict";
import { it } from "node:test";
import { configureSecrets, secret } from "./secret.ts";

it("a secret is read when it is called, and names itself when it has no value", () => {
  const apiKey = secret("apiKey");
  assert.equal(apiKey.name, "apiKey");
  configureSecrets({});
  assert.throws(apiKey, {
    code: "secret_unknown",
    message: 'the secret "apiKey" has no value in this process',
    hint: /\.env\.local/,
  });
  assert.throws(secret("constructor"), { code: "secret_unknown" });
  configureSecrets({ apiKey: "" });
  assert.equal(apiKey(), "");
});

it("in development a secret without a value is the empty string", () => {
  configureSecrets({}, { missingIsEmpty: true });
  assert.equal(secret("apiKey")(), "");
});
