// Signatures against the examples that AWS publishes with its documentation of Signature Version 4 for S3.
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { canonicalRequest, sha256Hex } from "./canonical-request.ts";
import { authorizationOf, presignedQuery } from "./authorization.ts";
import { timestampOf } from "./signing-key.ts";

const credentials = {
  accessKeyId: "AKIAIOSFODNN7EXAMPLE",
  secretAccessKey: "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY",
};
const scope = { timestamp: "20130524T000000Z", region: "us-east-1", service: "s3" };
const host = ["host", "examplebucket.s3.amazonaws.com"] as const;
const date = ["x-amz-date", scope.timestamp] as const;
const empty = sha256Hex("");

function signature(authorization: string): string | undefined {
  return /Signature=([0-9a-f]+)$/.exec(authorization)?.[1];
}

describe("signatures of AWS's examples", () => {
  it("GET of an object with a range", () => {
    const headers = [host, ["range", "bytes=0-9"], ["x-amz-content-sha256", empty], date] as const;
    const signed = authorizationOf(credentials, scope, {
      method: "GET",
      path: "/test.txt",
      query: [],
      headers,
      payloadHash: empty,
    });
    assert.equal(signature(signed), "f0e8bdb87c964420e857bd35b5d6ed310bd44f0170aba48dd91039c6036bdb41");
    assert.match(signed, /SignedHeaders=host;range;x-amz-content-sha256;x-amz-date,/);
  });

  it("PUT of an object whose name has to be encoded", () => {
    const payloadHash = sha256Hex("Welcome to Amazon S3.");
    const headers = [
      ["date", "Fri, 24 May 2013 00:00:00 GMT"],
      host,
      ["x-amz-content-sha256", payloadHash],
      date,
      ["x-amz-storage-class", "REDUCED_REDUNDANCY"],
    ] as const;
    const signed = authorizationOf(credentials, scope, {
      method: "PUT",
      path: "/test$file.text",
      query: [],
      headers,
      payloadHash,
    });
    assert.equal(signature(signed), "98ad721746da40c64f1a55b78f14c238d841ea1380cd77a1b5971af0ece108bd");
  });

  it("GET with a query", () => {
    const headers = [host, ["x-amz-content-sha256", empty], date] as const;
    const ask = (query: readonly (readonly [string, string])[]) =>
      signature(authorizationOf(credentials, scope, { method: "GET", path: "/", query, headers, payloadHash: empty }));
    assert.equal(ask([["lifecycle", ""]]), "fea454ca298b7da1c68078a5d1bdbfbbe0d65c699e0f91ac7a200a0136783543");
    const list = [
      ["prefix", "J"],
      ["max-keys", "2"],
    ] as const;
    assert.equal(ask(list), "34b48302e7b5fa45bde8084f4b7868a86f0a534bc59db6670ed5711ef69dc6f7");
  });

  it("a URL", () => {
    const query = presignedQuery(credentials, scope, {
      method: "GET",
      path: "/test.txt",
      query: [],
      headers: [host],
      ttlSeconds: 86_400,
    });
    assert.match(query, /X-Amz-Signature=aeeed9bbccd4d02ee5c0109b86d86835f995330da4c265957d157751f604d404$/);
  });
});

describe("the canonical request", () => {
  const request = { method: "GET", path: "/", query: [], headers: [], signedHeaders: [], payloadHash: empty };

  it("sorts the query by what is sent, not by what it means", () => {
    const query = [
      ["b", "2"],
      ["a", "ü"],
      ["a", "1"],
      ["A", "x y"],
    ] as const;
    assert.equal(canonicalRequest({ ...request, query }).split("\n")[2], "A=x%20y&a=%C3%BC&a=1&b=2");
  });

  it("joins the values of a header and folds spaces", () => {
    const headers = [
      ["x-amz-meta-a", "  one   two "],
      ["x-amz-meta-a", "three"],
    ] as const;
    const text = canonicalRequest({ ...request, headers, signedHeaders: ["x-amz-meta-a"] });
    assert.equal(text.split("\n")[3], "x-amz-meta-a:one two,three");
  });

  it("leaves slashes and dots of the path as they are", () => {
    const text = canonicalRequest({ ...request, path: "/a//b/../c d*" });
    assert.equal(text.split("\n")[1], "/a//b/../c%20d%2A");
  });
});

it("a timestamp has no fractions of seconds", () => {
  assert.equal(timestampOf(Date.UTC(2013, 4, 24, 0, 0, 0, 999)), "20130524T000000Z");
});
