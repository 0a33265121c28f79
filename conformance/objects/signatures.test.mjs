// The verification of signatures: what aws4fetch and the AWS SDK sign is accepted, and whatever was changed of it is refused. The clients' own
// code signs here, so that a mistake of ours cannot be on both sides.
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { S3Client, GetObjectCommand } from "@aws-sdk/client-s3";
import { getSignedUrl } from "@aws-sdk/s3-request-presigner";
import { AwsV4Signer } from "aws4fetch";
import { readRequest } from "../../packages/tenon/dist/engines/s3/s3-request.js";
import { verifySignature } from "../../packages/tenon/dist/engines/s3/verify-signature.js";
import { credentials } from "./open-stores.mjs";

const origin = "http://127.0.0.1:9500";
const nowMs = Date.UTC(2026, 10, 23, 8, 0, 0);
const datetime = "20261123T080000Z";

/** As it arrives: method, target, header lines. */
async function signed(path, { method = "GET", headers = {}, signQuery = false, ...more } = {}) {
  const signer = new AwsV4Signer({
    ...credentials,
    url: origin + path,
    method,
    headers,
    service: "s3",
    region: "us-east-1",
    datetime,
    signQuery,
    ...more,
  });
  const { url, headers: given } = await signer.sign();
  const lines = [["host", url.host], ...given];
  return { method, url: url.pathname + url.search, rawHeaders: lines.flat() };
}

function verify(message, atMs = nowMs, keys = credentials) {
  return verifySignature(readRequest(message), keys, atMs);
}

function refused(message, code, atMs, keys) {
  assert.throws(() => verify(message, atMs, keys), { name: "S3Error", code }, JSON.stringify(message));
}

const paths = [
  "/plain/a",
  "/plain/a%20b/%C3%BC",
  "/plain/a+b",
  "/plain/it's(1)*!~",
  "/plain/a//b",
  "/plain/?list-type=2&prefix=a%2Fb&delimiter=%2F",
  "/plain/?prefix=x%20y&max-keys=2&marker=",
  "/plain/a?partNumber=1&uploadId=u-._~",
  "/",
];

describe("what aws4fetch signs", () => {
  for (const signQuery of [false, true]) {
    test(`is accepted, signed in the ${signQuery ? "query" : "header"}`, async () => {
      for (const path of paths) {
        const { payload } = verify(await signed(path, { signQuery }));
        assert.equal(payload.kind, "unsigned", path);
      }
      const headers = { "x-amz-meta-a": "  one   two ", range: "bytes=0-1", "content-type": "text/plain" };
      verify(await signed("/plain/a", { method: "PUT", headers, signQuery, allHeaders: true }));
    });

    test(`is refused when anything was changed, signed in the ${signQuery ? "query" : "header"}`, async () => {
      const headers = { "x-amz-meta-a": "one" };
      const message = await signed("/plain/a?prefix=b", { method: "PUT", headers, signQuery });
      const wrong = (change, code = "SignatureDoesNotMatch") => refused({ ...message, ...change }, code);
      const header = (name, value) =>
        message.rawHeaders.map((one, i, all) => (i % 2 === 1 && all[i - 1] === name ? value : one));
      verify(message);
      wrong({ method: "DELETE" });
      wrong({ method: "put" });
      wrong({ url: message.url.replace("/plain/a", "/plain/b") });
      wrong({ url: message.url.replace("/plain/a", "/plain/a/") });
      wrong({ url: message.url.replace("prefix=b", "prefix=c") });
      wrong({ url: message.url.replace("prefix=b", "") });
      wrong({ url: `${message.url}&prefix=b` });
      wrong({ url: `${message.url}&versionId=1` });
      wrong({ rawHeaders: header("host", "127.0.0.1:9501") });
      wrong({ rawHeaders: header("x-amz-meta-a", "two") });
      wrong({ rawHeaders: [...message.rawHeaders, "x-amz-meta-a", "two"] });
      wrong({ rawHeaders: [...message.rawHeaders, "x-amz-copy-source", "/kept/secret"] }, "AccessDenied");
      const without = message.rawHeaders.filter((_, i, all) => all[i - (i % 2)] !== "x-amz-meta-a");
      wrong({ rawHeaders: without });
    });
  }

  test("no bit of the signature may be another one", async () => {
    const message = await signed("/plain/a");
    const at = message.rawHeaders.length - 1;
    const authorization = message.rawHeaders.find((value) => value.startsWith("AWS4-HMAC"));
    const place = message.rawHeaders.indexOf(authorization);
    assert.ok(at >= place);
    for (let digit = 1; digit <= 64; digit++) {
      const index = authorization.length - digit;
      const other = authorization[index] === "0" ? "1" : "0";
      const rawHeaders = [...message.rawHeaders];
      rawHeaders[place] = authorization.slice(0, index) + other + authorization.slice(index + 1);
      refused({ ...message, rawHeaders }, "SignatureDoesNotMatch");
    }
    for (const shorter of [authorization.slice(0, -1), authorization.replace(/Signature=.*/, "Signature=")]) {
      const rawHeaders = [...message.rawHeaders];
      rawHeaders[place] = shorter;
      refused({ ...message, rawHeaders }, "AuthorizationHeaderMalformed");
    }
  });

  test("the scope of the credential is part of what is signed", async () => {
    const message = await signed("/plain/a");
    const change = (from, to) => ({ ...message, rawHeaders: message.rawHeaders.map((one) => one.replace(from, to)) });
    refused(change("/us-east-1/s3/", "/us-west-1/s3/"), "SignatureDoesNotMatch");
    refused(change("/us-east-1/s3/", "/us-east-1/iam/"), "AuthorizationHeaderMalformed");
    refused(change("/20261123/", "/20261122/"), "AuthorizationHeaderMalformed");
    refused(change("aws4_request", "aws5_request"), "AuthorizationHeaderMalformed");
    refused(change("SignedHeaders=host;", "SignedHeaders="), "AccessDenied");
    refused(change("AWS4-HMAC-SHA256 ", "AWS4-ECDSA-P256-SHA256 "), "AuthorizationHeaderMalformed");
  });

  test("a request is good for fifteen minutes, in both directions", async () => {
    const message = await signed("/plain/a");
    for (const offsetMinutes of [-14, 14]) verify(message, nowMs + offsetMinutes * 60_000);
    for (const offsetMinutes of [-16, 16]) refused(message, "RequestTimeTooSkewed", nowMs + offsetMinutes * 60_000);
  });

  test("a URL is good as long as it says, and not before its time", async () => {
    const message = await signed("/plain/a?X-Amz-Expires=60", { signQuery: true });
    verify(message, nowMs + 59_000);
    refused(message, "AccessDenied", nowMs + 61_000);
    refused(message, "AccessDenied", nowMs - 16 * 60_000);
    refused({ ...message, url: message.url.replace("Expires=60", "Expires=600") }, "SignatureDoesNotMatch");
    for (const seconds of ["0", "-1", "604801", "1e5", "x", ""])
      refused(
        await signed(`/plain/a?X-Amz-Expires=${seconds}`, { signQuery: true }),
        "AuthorizationQueryParametersError",
      );
    refused({ ...message, url: `${message.url}&X-Amz-Expires=600` }, "AuthorizationQueryParametersError");
  });

  test("who has another key gets nothing, and neither does who has none", async () => {
    refused(await signed("/plain/a", { secretAccessKey: "guessed" }), "SignatureDoesNotMatch");
    refused(await signed("/plain/a", { accessKeyId: "SOMEBODY" }), "InvalidAccessKeyId");
    refused({ method: "GET", url: "/plain/a", rawHeaders: ["host", "127.0.0.1:9500"] }, "AccessDenied");
    const both = await signed("/plain/a", { signQuery: true });
    const { rawHeaders } = await signed("/plain/a");
    refused({ ...both, rawHeaders }, "InvalidArgument");
  });

  test("what a body must be is one of the forms that there are", async () => {
    const kind = async (hash) =>
      verify(await signed("/plain/a", { headers: { "x-amz-content-sha256": hash } })).payload;
    assert.deepEqual(await kind("a".repeat(64)), { kind: "hash", sha256: "a".repeat(64) });
    assert.deepEqual(await kind("STREAMING-AWS4-HMAC-SHA256-PAYLOAD"), {
      kind: "chunks",
      isSigned: true,
      hasTrailer: false,
    });
    assert.deepEqual(await kind("STREAMING-AWS4-HMAC-SHA256-PAYLOAD-TRAILER"), {
      kind: "chunks",
      isSigned: true,
      hasTrailer: true,
    });
    assert.deepEqual(await kind("STREAMING-UNSIGNED-PAYLOAD-TRAILER"), {
      kind: "chunks",
      isSigned: false,
      hasTrailer: true,
    });
    await assert.rejects(kind("STREAMING-UNSIGNED-PAYLOAD"), { code: "InvalidArgument" });
    await assert.rejects(kind("A".repeat(64)), { code: "InvalidArgument" });
  });
});

test("a URL of the AWS SDK is accepted, and refused when it was changed", async () => {
  const client = new S3Client({ endpoint: origin, region: "eu-west-1", forcePathStyle: true, credentials });
  const command = new GetObjectCommand({ Bucket: "plain", Key: "ü b/(c)+d", ResponseContentType: "text/plain; a=b" });
  const url = new URL(await getSignedUrl(client, command, { expiresIn: 60, signingDate: new Date(nowMs) }));
  const message = { method: "GET", url: url.pathname + url.search, rawHeaders: ["host", url.host] };
  verify(message);
  assert.equal(readRequest(message).key, "ü b/(c)+d");
  refused({ ...message, url: message.url.replace("text%2Fplain", "text%2Fhtml") }, "SignatureDoesNotMatch");
  client.destroy();
});
