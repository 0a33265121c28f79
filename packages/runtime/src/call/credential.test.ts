// Who is taken for a process of the app.
import assert from "node:assert/strict";
import { test } from "node:test";
import { createCredentialCheck } from "./credential.ts";

test("the credential, whole and nothing but", () => {
  const isAdmitted = createCredentialCheck("secret");
  for (const [received, expected] of [
    ["secret", true],
    ["secre", false],
    ["secrets", false],
    ["", false],
    [undefined, false],
  ] as const)
    assert.equal(isAdmitted(received), expected, received);
  assert.equal(createCredentialCheck("")(""), false);
});

test("others beside it, while it is being replaced", () => {
  const isAdmitted = createCredentialCheck("new", ["old", ""]);
  assert.deepEqual(["new", "old", "", "other", undefined].map(isAdmitted), [true, true, false, false, false]);
});
