// Requests to any service, against the published suite of Signature Version 4 (aws-sig-v4-test-suite) and the example of IAM's documentation.
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { signRequest, type UnsignedRequest } from "./sign-request.ts";

const keys = { accessKeyId: "AKIDEXAMPLE", secretAccessKey: "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY" };
const now = Date.UTC(2015, 7, 30, 12, 36, 0);
const scope = { service: "service", region: "us-east-1" };
const credential = "AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20150830/us-east-1/service/aws4_request";

function authorization(path: string, request: Partial<UnsignedRequest> = {}): string | undefined {
  const url = new URL(`https://example.amazonaws.com${path}`);
  return signRequest({ method: "GET", ...request, url }, keys, scope, now)["authorization"];
}

describe("the suite of Signature Version 4", () => {
  it("get-vanilla", () => {
    const signature = "5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31";
    assert.equal(authorization("/"), `${credential}, SignedHeaders=host;x-amz-date, Signature=${signature}`);
  });

  it("post-vanilla", () => {
    const signature = "5da7c1a2acd57cee7505fc6676e4e544621c30862966e37dddb68e92efbe5d6b";
    assert.match(authorization("/", { method: "POST" }) ?? "", new RegExp(`${signature}$`));
  });

  it("get-vanilla-query-order-key-case", () => {
    const signature = "b97d918cfa904a5beff61c982a1b6f458b799221646efd99d3219ec94cdf2500";
    assert.match(authorization("/?Param2=value2&Param1=value1") ?? "", new RegExp(`${signature}$`));
  });

  it("post-x-www-form-urlencoded", () => {
    const signature = "ff11897932ad3f4e8b18135d722051e5ac45fc38421b1da7b9d196a0fe09473a";
    const headers = { "content-type": "application/x-www-form-urlencoded" };
    const signed = authorization("/", { method: "POST", headers, body: "Param1=value1" });
    assert.equal(signed, `${credential}, SignedHeaders=content-type;host;x-amz-date, Signature=${signature}`);
  });
});

it("the example of IAM", () => {
  const url = new URL("https://iam.amazonaws.com/?Action=ListUsers&Version=2010-05-08");
  const headers = { "content-type": "application/x-www-form-urlencoded; charset=utf-8" };
  const signed = signRequest({ method: "GET", url, headers }, keys, { service: "iam", region: "us-east-1" }, now);
  assert.match(signed["authorization"] ?? "", /5d672d79c15b13162d9279b0855cfba6789a8edb4c82c400e06b5924a6f2b5d7$/);
});

it("the session token is sent and signed, and for S3 the hash of the body, too", () => {
  const url = new URL("https://bucket.s3.amazonaws.com/a%20b");
  const held = { ...keys, sessionToken: "held" };
  const signed = signRequest({ method: "PUT", url, body: "x" }, held, { service: "s3", region: "us-east-1" }, now);
  assert.equal(signed["x-amz-security-token"], "held");
  assert.match(
    signed["authorization"] ?? "",
    /SignedHeaders=host;x-amz-content-sha256;x-amz-date;x-amz-security-token,/,
  );
  assert.equal(signed["x-amz-content-sha256"], "2d711642b726b04401627ca9fbac32f5c8530fb1903cc4db02258717921a4881");
});
