import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { parseChallenge } from "./challenge.ts";

describe("what a registry wants to see", () => {
  test("a token, with its parameters in any order and quoting", () => {
    const header = 'Bearer realm="https://auth.example.com/token",scope="repository:a/b:pull,push", service=example';
    assert.deepEqual(parseChallenge(header), {
      scheme: "bearer",
      realm: "https://auth.example.com/token",
      service: "example",
      scope: "repository:a/b:pull,push",
    });
  });

  test("a password", () => {
    assert.deepEqual(parseChallenge('Basic realm="Registry, of us"'), { scheme: "basic" });
  });

  test("the token where there is a choice", () => {
    assert.equal(parseChallenge('Basic realm="x", Bearer realm="https://auth.example.com/"')?.scheme, "bearer");
  });

  test("nothing that is known", () => {
    for (const header of ["", "Negotiate", "Bearer", 'Bearer realm="not a url"'])
      assert.equal(parseChallenge(header), undefined);
  });
});
