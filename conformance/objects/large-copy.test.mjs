// A copy that is too large for one request goes in parts; a source that changes meanwhile does not end up mixed.
import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { test } from "node:test";
import { Bucket } from "tenon/storage/objects";
import { copyObject } from "../../packages/runtime/dist/objects/s3/copy-object.js";
import { S3Client } from "../../packages/runtime/dist/objects/s3/s3-client.js";
import { credentials, openDevEndpoint, useS3 } from "./open-stores.mjs";

const MiB = 1024 * 1024;

test("a large copy goes in parts and is that of one source", async () => {
  const endpoint = await openDevEndpoint();
  const release = useS3(endpoint.url);
  try {
    const bucket = new Bucket("plain");
    const client = new S3Client({ endpoint: endpoint.url, region: "r", bucketName: "plain", ...credentials });
    const [first, second] = [randomBytes(11 * MiB), randomBytes(11 * MiB)];
    await bucket.upload("from", first, { contentType: "a/b", metadata: { a: "1" } });
    let parts = 0;
    const send = async (request) => {
      // After the first part of the first attempt the source is replaced.
      if (request.headers?.["x-amz-copy-source-range"] !== undefined && ++parts === 2)
        await bucket.upload("from", second);
      return await client.send(request);
    };
    const keys = { sourceBucket: "plain", from: "from", to: "to" };
    const copy = {
      version: undefined,
      headers: undefined,
      metadata: { b: "2" },
      condition: undefined,
      signal: undefined,
    };
    const limits = { copyBytes: MiB, partBytes: 5 * MiB };
    const read = () => bucket.attrs("from");
    const asked = { bucket: "plain", object: "to" };
    const attrs = await copyObject(send, keys, read, { ...copy, conditionHeaders: {} }, asked, limits);
    assert.match(attrs.etag, /-3$/);
    assert.deepEqual(await bucket.download("to"), second);
    assert.deepEqual((await bucket.attrs("to")).metadata, { b: "2" });
  } finally {
    release();
    await endpoint.close();
  }
});
