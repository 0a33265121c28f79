// The S3 endpoint of `tenon dev` as the AWS SDK for JavaScript uses it: bodies of every form, trailers, parts, signed URLs, errors.
import assert from "node:assert/strict";
import { createHash, randomBytes } from "node:crypto";
import { after, before, describe, test } from "node:test";
import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { Readable } from "node:stream";
import * as s3 from "@aws-sdk/client-s3";
import { Upload } from "@aws-sdk/lib-storage";
import { getSignedUrl } from "@aws-sdk/s3-request-presigner";
import { Bucket as AppBucket } from "tenon/storage/objects";
import { credentials, openDevEndpoint, useS3 } from "./open-stores.mjs";

const MiB = 1024 * 1024;

describe("the AWS SDK's client", () => {
  const Bucket = "plain";
  let endpoint;
  let client;
  before(async () => {
    endpoint = await openDevEndpoint();
    client = clientOf();
  });
  after(async () => {
    client?.destroy();
    assert.deepEqual(endpoint?.failures, []);
    await endpoint?.close();
  });

  const clientOf = (options = {}) =>
    new s3.S3Client({ endpoint: endpoint.url, region: "us-east-1", forcePathStyle: true, credentials, ...options });
  const send = (command) => client.send(command);
  const put = (Key, Body, more) => send(new s3.PutObjectCommand({ Bucket, Key, Body, ...more }));
  const get = async (Key, more) => {
    const answer = await send(new s3.GetObjectCommand({ Bucket, Key, ...more }));
    return { ...answer, bytes: Buffer.from(await answer.Body.transformToByteArray()) };
  };

  test("puts and gets bodies of every form", async () => {
    const bytes = randomBytes(200_000);
    await put("buffer", bytes);
    await put("text", "grüße");
    await put("empty", "");
    await put("stream", Readable.from([bytes.subarray(0, 7), bytes.subarray(7)]), { ContentLength: bytes.length });
    assert.deepEqual((await get("buffer")).bytes, bytes);
    assert.equal((await get("text")).bytes.toString(), "grüße");
    assert.equal((await get("empty")).bytes.length, 0);
    assert.deepEqual((await get("stream")).bytes, bytes);
  });

  for (const ChecksumAlgorithm of ["CRC32", "CRC32C", "SHA1", "SHA256"]) {
    test(`a streamed body with a ${ChecksumAlgorithm} in its trailer`, async () => {
      const bytes = randomBytes(3 * MiB + 5);
      const body = Readable.from(cut(bytes, 70_001));
      const answer = await put("trailer", body, { ContentLength: bytes.length, ChecksumAlgorithm });
      assert.ok(answer[`Checksum${ChecksumAlgorithm}`]);
      // The client compares what comes with the checksum that is sent along.
      const got = await get("trailer", { ChecksumMode: "ENABLED" });
      assert.deepEqual(got.bytes, bytes);
      assert.equal(got[`Checksum${ChecksumAlgorithm}`], answer[`Checksum${ChecksumAlgorithm}`]);
    });
  }

  test("a checksum that is wrong leaves nothing", async () => {
    const wrong = { ChecksumSHA256: createHash("sha256").update("other").digest("base64") };
    await assert.rejects(put("wrong", "bytes", wrong), { name: "BadDigest" });
    await assert.rejects(get("wrong"), { name: "NoSuchKey" });
    const md5 = createHash("md5").update("other").digest("base64");
    await assert.rejects(put("wrong", "bytes", { ContentMD5: md5 }), { name: "BadDigest" });
  });

  test("lib-storage uploads a stream of unknown length in parts", async () => {
    const bytes = randomBytes(17 * MiB + 3);
    const upload = new Upload({
      client,
      params: { Bucket, Key: "parts", Body: Readable.from(cut(bytes, 65_536)), Metadata: { a: "1" } },
      queueSize: 3,
    });
    const { ETag } = await upload.done();
    assert.match(ETag, /-4"$/);
    const got = await get("parts");
    assert.deepEqual(got.bytes, bytes);
    assert.deepEqual(got.Metadata, { a: "1" });
    const range = await get("parts", { Range: `bytes=${8 * MiB}-${8 * MiB + 3}` });
    assert.deepEqual(range.bytes, bytes.subarray(8 * MiB, 8 * MiB + 4));
    assert.equal(range.ContentRange, `bytes ${8 * MiB}-${8 * MiB + 3}/${bytes.length}`);
  });

  test("an upload that is aborted leaves no parts", async () => {
    const { UploadId } = await send(new s3.CreateMultipartUploadCommand({ Bucket, Key: "aborted" }));
    const at = { Bucket, Key: "aborted", UploadId };
    await send(new s3.UploadPartCommand({ ...at, PartNumber: 1, Body: "part" }));
    await send(new s3.AbortMultipartUploadCommand(at));
    await assert.rejects(send(new s3.ListPartsCommand(at)), { name: "NoSuchUpload" });
    await assert.rejects(send(new s3.UploadPartCommand({ ...at, PartNumber: 2, Body: "x" })), { name: "NoSuchUpload" });
    assert.deepEqual((await send(new s3.ListMultipartUploadsCommand({ Bucket }))).Uploads ?? [], []);
    assert.deepEqual(await readdir(join(endpoint.directory, Bucket, ".uploads")), []);
    assert.deepEqual(await readdir(join(endpoint.directory, Bucket, ".incoming")), []);
  });

  test("parts can be listed, copied and completed by hand", async () => {
    const first = randomBytes(5 * MiB);
    await put("source", Buffer.concat([first, Buffer.from("tail")]));
    const { UploadId } = await send(
      new s3.CreateMultipartUploadCommand({ Bucket, Key: "hand", ContentType: "text/x" }),
    );
    const at = { Bucket, Key: "hand", UploadId };
    const CopySource = `${Bucket}/source`;
    const whole = `bytes=0-${5 * MiB - 1}`;
    const one = await send(new s3.UploadPartCopyCommand({ ...at, PartNumber: 1, CopySource, CopySourceRange: whole }));
    const two = await send(new s3.UploadPartCommand({ ...at, PartNumber: 2, Body: "end" }));
    const { Parts } = await send(new s3.ListPartsCommand(at));
    assert.deepEqual(
      Parts.map(({ PartNumber, Size }) => [PartNumber, Size]),
      [
        [1, 5 * MiB],
        [2, 3],
      ],
    );
    const complete = (list) => send(new s3.CompleteMultipartUploadCommand({ ...at, MultipartUpload: { Parts: list } }));
    const parts = [
      { PartNumber: 1, ETag: one.CopyPartResult.ETag },
      { PartNumber: 2, ETag: two.ETag },
    ];
    await assert.rejects(complete([...parts].reverse()), { name: "InvalidPartOrder" });
    await assert.rejects(complete([parts[0], { PartNumber: 2, ETag: '"00"' }]), { name: "InvalidPart" });
    await complete(parts);
    const got = await get("hand");
    assert.deepEqual(got.bytes, Buffer.concat([first, Buffer.from("end")]));
    assert.equal(got.ContentType, "text/x");
    // Whoever lost the answer asks again.
    await complete(parts);
    await assert.rejects(send(new s3.ListPartsCommand(at)), { name: "NoSuchUpload" });
  });

  test("lists in pages, with folders and odd names", async () => {
    const names = ["list/a", "list/b/1", "list/b/2", "list/c\u0001d", "list/e f+g", "list/ü"];
    for (const Key of names) await put(Key, "x");
    const pages = s3.paginateListObjectsV2({ client, pageSize: 2 }, { Bucket, Prefix: "list/", EncodingType: "url" });
    const found = [];
    for await (const { Contents } of pages) found.push(...Contents.map(({ Key }) => decodeURIComponent(Key)));
    assert.deepEqual(found, names);
    const folders = await send(new s3.ListObjectsV2Command({ Bucket, Prefix: "list/", Delimiter: "/" }));
    assert.deepEqual(folders.CommonPrefixes, [{ Prefix: "list/b/" }]);
    const old = await send(new s3.ListObjectsCommand({ Bucket, Prefix: "list/", Delimiter: "/", MaxKeys: 2 }));
    assert.deepEqual([old.IsTruncated, old.NextMarker], [true, "list/b/"]);
    const { Buckets } = await send(new s3.ListBucketsCommand({}));
    assert.deepEqual(
      Buckets.map(({ Name }) => Name),
      ["plain", "kept", "open"],
    );
  });

  test("deletes one and many", async () => {
    for (const Key of ["d/1", "d/2", "d/<&>"]) await put(Key, "x");
    await send(new s3.DeleteObjectCommand({ Bucket, Key: "d/1" }));
    const Objects = [{ Key: "d/2" }, { Key: "d/<&>" }, { Key: "d/never" }];
    const { Deleted } = await send(new s3.DeleteObjectsCommand({ Bucket, Delete: { Objects } }));
    assert.equal(Deleted.length, 3);
    assert.equal((await send(new s3.ListObjectsV2Command({ Bucket, Prefix: "d/" }))).KeyCount, 0);
  });

  test("conditions hold for reads and writes", async () => {
    const { ETag } = await put("cond", "1");
    await assert.rejects(put("cond", "2", { IfNoneMatch: "*" }), { name: "PreconditionFailed" });
    await assert.rejects(put("cond", "2", { IfMatch: '"00"' }), { name: "PreconditionFailed" });
    await put("cond", "2", { IfMatch: ETag });
    await assert.rejects(get("cond", { IfMatch: ETag }), { name: "PreconditionFailed" });
    const head = await send(new s3.HeadObjectCommand({ Bucket, Key: "cond" }));
    await assert.rejects(get("cond", { IfNoneMatch: head.ETag }), (error) => error.$metadata.httpStatusCode === 304);
    await assert.rejects(get("cond", { Range: "bytes=5-" }), { name: "InvalidRange" });
  });

  test("copies, with new metadata or the old", async () => {
    await put("from ü", "x", { Metadata: { a: "1" }, ContentType: "text/y" });
    const CopySource = `${Bucket}/${encodeURIComponent("from ü")}`;
    await send(new s3.CopyObjectCommand({ Bucket, Key: "to", CopySource }));
    assert.deepEqual((await get("to")).Metadata, { a: "1" });
    const replace = { MetadataDirective: "REPLACE", Metadata: { b: "2" }, ContentType: "text/z" };
    await send(new s3.CopyObjectCommand({ Bucket, Key: "to", CopySource, ...replace }));
    const got = await get("to");
    assert.deepEqual([got.Metadata, got.ContentType, got.bytes.toString()], [{ b: "2" }, "text/z", "x"]);
  });

  test("a whole copy is whole, whatever range a client adds", async () => {
    await put("long", "0123456789");
    const copy = new s3.CopyObjectCommand({ Bucket, Key: "whole", CopySource: `${Bucket}/long` });
    const addRange = (next) => (args) => {
      args.request.headers["x-amz-copy-source-range"] = "bytes=2-3";
      return next(args);
    };
    copy.middlewareStack.add(addRange, { step: "build" });
    await send(copy);
    assert.equal((await get("whole")).bytes.toString(), "0123456789");
  });

  test("versions of a bucket that keeps them", async () => {
    const at = { Bucket: "kept", Key: "v" };
    const first = await send(new s3.PutObjectCommand({ ...at, Body: "1" }));
    await send(new s3.PutObjectCommand({ ...at, Body: "2" }));
    const got = await get("v", { Bucket: "kept", VersionId: first.VersionId });
    assert.equal(got.bytes.toString(), "1");
    assert.equal((await send(new s3.GetBucketVersioningCommand({ Bucket: "kept" }))).Status, "Enabled");
    await assert.rejects(get("v", { Bucket: "kept", VersionId: "none" }), { name: "NoSuchVersion" });
  });

  test("signed URLs", async () => {
    const url = (command, options) => getSignedUrl(client, command, { expiresIn: 60, ...options });
    const upload = await url(new s3.PutObjectCommand({ Bucket, Key: "signed/ü b" }));
    assert.equal((await fetch(upload, { method: "PUT", body: "outside" })).status, 200);
    const download = await url(new s3.GetObjectCommand({ Bucket, Key: "signed/ü b", ResponseContentType: "text/q" }));
    const got = await fetch(download);
    assert.equal(await got.text(), "outside");
    assert.equal(got.headers.get("content-type"), "text/q");
    assert.equal((await fetch(download, { method: "DELETE" })).status, 403);
    assert.equal((await fetch(download.replace("signed", "sighed"))).status, 403);
    assert.equal((await fetch(download.replace("text%2Fq", "text%2Fr"))).status, 403);
    assert.equal((await fetch(download.replace("X-Amz-Expires=60", "X-Amz-Expires=61"))).status, 403);
    const past = await url(new s3.GetObjectCommand({ Bucket, Key: "signed/ü b" }), {
      signingDate: new Date(Date.now() - 120_000),
    });
    const refused = await fetch(past);
    assert.deepEqual([refused.status, /<Code>(\w+)/.exec(await refused.text())[1]], [403, "AccessDenied"]);
  });

  test("who has not the keys gets nothing", async () => {
    const listWith = async (options) => {
      const other = clientOf(options);
      try {
        return await other.send(new s3.ListObjectsV2Command({ Bucket }));
      } finally {
        other.destroy();
      }
    };
    const wrongSecret = { ...credentials, secretAccessKey: "guessed" };
    await assert.rejects(listWith({ credentials: wrongSecret }), { name: "SignatureDoesNotMatch" });
    const wrongKey = { ...credentials, accessKeyId: "SOMEBODY" };
    await assert.rejects(listWith({ credentials: wrongKey }), { name: "InvalidAccessKeyId" });
    assert.equal((await fetch(`${endpoint.url}/plain/text`)).status, 403);
    // The client corrects its clock by what the server says; this one is told not to.
    const late = { systemClockOffset: -3_600_000, maxAttempts: 1 };
    await assert.rejects(listWith(late), { name: "RequestTimeTooSkewed" });
  });

  test("what is missing is said to be missing", async () => {
    await assert.rejects(get("never"), { name: "NoSuchKey" });
    await assert.rejects(send(new s3.HeadObjectCommand({ Bucket, Key: "never" })), { name: "NotFound" });
    await assert.rejects(send(new s3.ListObjectsV2Command({ Bucket: "nobody" })), { name: "NoSuchBucket" });
    await assert.rejects(send(new s3.CreateBucketCommand({ Bucket: "mine" })), { name: "AccessDenied" });
    await assert.rejects(send(new s3.GetObjectTaggingCommand({ Bucket, Key: "text" })), { name: "NotImplemented" });
  });

  test("the app's buckets and the SDK see the same objects", async () => {
    const release = useS3(endpoint.url);
    try {
      await put("shared", "by the SDK", { Metadata: { who: "the SDK" } });
      const bucket = new AppBucket("plain");
      assert.equal((await bucket.download("shared")).toString(), "by the SDK");
      assert.deepEqual((await bucket.attrs("shared")).metadata, { who: "the SDK" });
      await bucket.upload("shared", "by the app");
      assert.equal((await get("shared")).bytes.toString(), "by the app");
    } finally {
      release();
    }
  });
});

function* cut(bytes, length) {
  for (let at = 0; at < bytes.length; at += length) yield bytes.subarray(at, at + length);
}
