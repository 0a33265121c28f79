// Bodies that are sent to the S3 endpoint in every encoding, and what happens to those that are not what was signed: nothing is stored.
import assert from "node:assert/strict";
import { createHash, createHmac, randomBytes } from "node:crypto";
import { once } from "node:events";
import { readdir } from "node:fs/promises";
import { request } from "node:http";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { crc32 } from "node:zlib";
import { AwsV4Signer } from "aws4fetch";
import { eventually } from "../harness/eventually.mjs";
import { credentials, openDevEndpoint } from "./open-stores.mjs";

const region = "us-east-1";
const data = randomBytes(200_000);
const chunks = [data.subarray(0, 70_000), data.subarray(70_000, 140_001), data.subarray(140_001)];

describe("a body", () => {
  let endpoint;
  before(async () => {
    endpoint = await openDevEndpoint();
  });
  after(async () => {
    assert.deepEqual(endpoint?.failures, []);
    await endpoint?.close();
  });

  /** Signs the head with aws4fetch, makes the body of its signature, and sends both. */
  async function put(key, headers, makeBody, { cutAt } = {}) {
    const url = `${endpoint.url}/plain/${key}`;
    const signer = new AwsV4Signer({
      ...credentials,
      url,
      method: "PUT",
      headers,
      service: "s3",
      region,
      allHeaders: true,
    });
    const signed = Object.fromEntries((await signer.sign()).headers);
    const seed = /Signature=(\w+)/.exec(signed.authorization)[1];
    const body = makeBody({ seed, timestamp: signer.datetime });
    const sent = request(url, { method: "PUT", headers: { ...signed, "content-length": body.length } });
    if (cutAt !== undefined) {
      sent.on("error", () => {});
      sent.write(body.subarray(0, cutAt), () => sent.destroy());
      await new Promise((resolve) => sent.once("close", resolve));
      return "cut";
    }
    sent.end(body);
    const [response] = await once(sent, "response");
    // Who has the answer need not send the rest.
    sent.on("error", () => {});
    const parts = [];
    for await (const part of response) parts.push(part);
    return response.statusCode === 200 ? 200 : /<Code>(\w+)/.exec(Buffer.concat(parts))[1];
  }

  async function get(key) {
    const signer = new AwsV4Signer({ ...credentials, url: `${endpoint.url}/plain/${key}`, service: "s3", region });
    const { url, headers } = await signer.sign();
    const answer = await fetch(url, { headers });
    return answer.status === 200 ? Buffer.from(await answer.arrayBuffer()) : answer.status;
  }

  async function nothingOf(key) {
    assert.equal(await get(key), 404);
    const incoming = join(endpoint.directory, "plain", ".incoming");
    await eventually("the received bytes to go", async () => (await readdir(incoming).catch(() => [])).length === 0);
  }

  const plain = (sha256) => ({ "x-amz-content-sha256": sha256 });
  const chunked = (form, more = {}) => ({
    "x-amz-content-sha256": form,
    "x-amz-decoded-content-length": String(data.length),
    "content-encoding": "aws-chunked",
    ...more,
  });
  const trailer = { "x-amz-trailer": "x-amz-checksum-crc32" };

  test("with its own hash", async () => {
    assert.equal(await put("hash", plain(sha256(data)), () => data), 200);
    assert.deepEqual(await get("hash"), data);
    assert.equal(await put("other", plain(sha256("other")), () => data), "XAmzContentSHA256Mismatch");
    await nothingOf("other");
  });

  test("that is refused early does not take the refusal along", async () => {
    // Far more than the buffers on the way hold.
    const large = Buffer.alloc(20 * 1024 * 1024);
    const headers = chunked("STREAMING-AWS4-HMAC-SHA256-PAYLOAD");
    const wrong = () => Buffer.concat([Buffer.from(`10;chunk-signature=${"0".repeat(64)}\r\n`), large]);
    assert.equal(await put("early", headers, wrong), "SignatureDoesNotMatch");
    await nothingOf("early");
  });

  test("in signed chunks", async () => {
    const headers = chunked("STREAMING-AWS4-HMAC-SHA256-PAYLOAD");
    assert.equal(await put("signed", headers, (seed) => signedChunks(seed)), 200);
    assert.deepEqual(await get("signed"), data);
    for (const at of [200, 100_000, 199_000]) {
      const changed = (seed) => {
        const body = signedChunks(seed);
        body[at] ^= 1;
        return body;
      };
      assert.equal(await put("changed", headers, changed), "SignatureDoesNotMatch", `at ${at}`);
    }
    const replayed = () => signedChunks({ seed: "0".repeat(64), timestamp: "20260101T000000Z" });
    assert.equal(await put("changed", headers, replayed), "SignatureDoesNotMatch");
    await nothingOf("changed");
  });

  test("in signed chunks with a signed trailer", async () => {
    const headers = chunked("STREAMING-AWS4-HMAC-SHA256-PAYLOAD-TRAILER", trailer);
    assert.equal(await put("trailed", headers, (seed) => signedChunks(seed, crc32Text(data))), 200);
    assert.deepEqual(await get("trailed"), data);
    // Signed, but not that of the bytes.
    assert.equal(await put("wrong", headers, (seed) => signedChunks(seed, crc32Text("other"))), "BadDigest");
    assert.equal(await put("wrong", headers, (seed) => signedChunks(seed)), "SignatureDoesNotMatch");
    await nothingOf("wrong");
  });

  test("in chunks without signatures, with a trailer", async () => {
    const headers = chunked("STREAMING-UNSIGNED-PAYLOAD-TRAILER", trailer);
    assert.equal(await put("open", headers, () => openChunks(crc32Text(data))), 200);
    assert.deepEqual(await get("open"), data);
    assert.equal(await put("wrong", headers, () => openChunks(crc32Text("other"))), "BadDigest");
    assert.equal(await put("wrong", headers, () => openChunks(undefined)), "MalformedTrailerError");
    const other = { ...headers, "x-amz-decoded-content-length": "199999" };
    assert.equal(await put("wrong", other, () => openChunks(crc32Text(data))), "IncompleteBody");
    await nothingOf("wrong");
  });

  test("that breaks off leaves nothing, and what was there stays", async () => {
    assert.equal(await put("there", plain("UNSIGNED-PAYLOAD"), () => Buffer.from("before")), 200);
    for (const headers of [plain("UNSIGNED-PAYLOAD"), plain(sha256(data))])
      assert.equal(await put("there", headers, () => data, { cutAt: 100_000 }), "cut");
    const headers = chunked("STREAMING-AWS4-HMAC-SHA256-PAYLOAD");
    assert.equal(await put("there", headers, (seed) => signedChunks(seed), { cutAt: 150_000 }), "cut");
    assert.equal(String(await get("there")), "before");
    await put("new", plain("UNSIGNED-PAYLOAD"), () => data, { cutAt: 100_000 });
    await nothingOf("new");
  });
});

/** Written down from the documentation of AWS, not from our decoder. */
function signedChunks({ seed, timestamp }, checksum) {
  const date = timestamp.slice(0, 8);
  const scope = `${date}/${region}/s3/aws4_request`;
  const key = [date, region, "s3", "aws4_request"].reduce(hmac, `AWS4${credentials.secretAccessKey}`);
  let previous = seed;
  const sign = (...lines) => {
    previous = hmac(key, [lines[0], timestamp, scope, previous, ...lines.slice(1)].join("\n")).toString("hex");
    return previous;
  };
  const parts = [...chunks, Buffer.alloc(0)].map((chunk) => {
    const signature = sign("AWS4-HMAC-SHA256-PAYLOAD", sha256(""), sha256(chunk));
    const end = chunk.length === 0 && checksum !== undefined ? "" : "\r\n";
    return Buffer.concat([
      Buffer.from(`${chunk.length.toString(16)};chunk-signature=${signature}\r\n`),
      chunk,
      Buffer.from(end),
    ]);
  });
  if (checksum === undefined) return Buffer.concat(parts);
  const line = `x-amz-checksum-crc32:${checksum}`;
  const signature = sign("AWS4-HMAC-SHA256-TRAILER", sha256(`${line}\n`));
  return Buffer.concat([...parts, Buffer.from(`${line}\r\nx-amz-trailer-signature:${signature}\r\n\r\n`)]);
}

function openChunks(checksum) {
  const parts = chunks.map((chunk) =>
    Buffer.concat([Buffer.from(`${chunk.length.toString(16)}\r\n`), chunk, Buffer.from("\r\n")]),
  );
  const end = checksum === undefined ? "" : `x-amz-checksum-crc32:${checksum}\r\n`;
  return Buffer.concat([...parts, Buffer.from(`0\r\n${end}\r\n`)]);
}

function hmac(key, text) {
  return createHmac("sha256", key).update(text).digest();
}

function sha256(bytes) {
  return createHash("sha256").update(bytes).digest("hex");
}

function crc32Text(bytes) {
  const text = Buffer.alloc(4);
  text.writeUInt32BE(crc32(bytes));
  return text.toString("base64");
}
