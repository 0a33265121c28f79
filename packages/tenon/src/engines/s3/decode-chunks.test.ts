// The encoding aws-chunked: AWS's own example, and bodies cut and changed at random.
import assert from "node:assert/strict";
import { createHmac } from "node:crypto";
import { describe, it } from "node:test";
import { sha256Hex, signingKey } from "@tenon/runtime/objects";
import { decodeChunks } from "./decode-chunks.ts";
import { S3Error } from "./s3-error.ts";

const scope = { timestamp: "20130524T000000Z", region: "us-east-1", service: "s3" };
const key = signingKey("wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY", scope);

/** A chunk of the example of AWS: 64 KiB and then 1 KiB of the letter a. */
const first = Buffer.alloc(65_536, "a");
const second = Buffer.alloc(1_024, "a");

describe("AWS's examples", () => {
  const seed = "4f232c4386841ef735655705268965c44a0e4690baa4adea153f7db9fa80a0a9";
  const body = Buffer.concat([
    Buffer.from("10000;chunk-signature=ad80c730a21e5b8d04586a2213dd63b9a0e99e0e2307b0ade35a65485a288648\r\n"),
    first,
    Buffer.from("\r\n400;chunk-signature=0055627c9e194cb4542bae2aa5492e3c1575bbb81b612b7d234b86a503ef5497\r\n"),
    second,
    Buffer.from("\r\n0;chunk-signature=b6c6ea8a5354eaf15b3cb7646744f4275b71ea724fed81ceb9323e279d449df9\r\n\r\n"),
  ]);

  it("chunks with signatures", async () => {
    const { bytes } = decodeChunks(asyncOf([body]), { key, scope, signature: seed }, false);
    assert.deepEqual(await collect(bytes), Buffer.concat([first, second]));
  });

  it("a byte that was changed is found, wherever it is", async () => {
    for (const at of [100, 65_000, 65_630, 65_800, body.length - 10]) {
      const changed = Buffer.from(body);
      changed[at]! ^= 1;
      const { bytes } = decodeChunks(asyncOf([changed]), { key, scope, signature: seed }, false);
      await assert.rejects(collect(bytes), S3Error, `at ${at}`);
    }
  });

  it("chunks with signatures and a signed trailer", async () => {
    const signature = "106e2a8a18243abcf37539882f36619c00e2dfc72633413f02d3b74544bfeb8e";
    const trailed = (checksum: string) =>
      Buffer.concat([
        Buffer.from("10000;chunk-signature=b474d8862b1487a5145d686f57f013e54db672cee1c953b3010fb58501ef5aa2\r\n"),
        first,
        Buffer.from("\r\n400;chunk-signature=1c1344b170168f8e65b41376b44b20fe354e373826ccbbe2c1d40a8cae51e5c7\r\n"),
        second,
        Buffer.from("\r\n0;chunk-signature=2ca2aba2005185cf7159c6277faf83795951dd77a3a99e6e65d5c9f85863f992\r\n"),
        Buffer.from(`x-amz-checksum-crc32c:${checksum}\r\n`),
        Buffer.from("x-amz-trailer-signature:d81f82fc3505edab99d459891051a732e8730629a2e4a59689829ca17fe2e435\r\n\r\n"),
      ]);
    const sound = decodeChunks(asyncOf([trailed("sOO8/Q==")]), { key, scope, signature }, true);
    assert.equal((await collect(sound.bytes)).length, 66_560);
    assert.deepEqual(sound.trailers(), { "x-amz-checksum-crc32c": "sOO8/Q==" });
    const changed = decodeChunks(asyncOf([trailed("sOO8/A==")]), { key, scope, signature }, true);
    await assert.rejects(collect(changed.bytes), { code: "SignatureDoesNotMatch" });
  });
});

describe("decodeChunks", () => {
  it("gives the same bytes however they arrive", async () => {
    const next = random(7);
    for (let round = 0; round < 150; round++) {
      const chunks = Array.from({ length: next(5) }, () => randomBytes(next, 1 + next(40)));
      const isSigned = next(2) === 0;
      const trailer = next(2) === 0 ? "x-amz-checksum-crc32:AAAAAA==\r\n" : "";
      const text = encode(chunks, isSigned, isSigned ? "" : trailer);
      const signing = isSigned ? { key, scope, signature: seedOf } : undefined;
      const decoded = decodeChunks(asyncOf(cut(next, text)), signing, !isSigned);
      assert.deepEqual(await collect(decoded.bytes), Buffer.concat(chunks));
      const expected = isSigned || trailer === "" ? {} : { "x-amz-checksum-crc32": "AAAAAA==" };
      assert.deepEqual(decoded.trailers(), expected);
    }
  });

  it("refuses a body that was cut short, wherever", async () => {
    const text = encode([Buffer.from("hello"), Buffer.from("world")], true, "");
    // Nothing is lost with the empty line at the very end.
    for (let length = 0; length < text.length - 2; length++) {
      const { bytes } = decodeChunks(asyncOf([text.subarray(0, length)]), { key, scope, signature: seedOf }, false);
      await assert.rejects(collect(bytes), S3Error, `${length} bytes`);
    }
  });

  it("refuses chunks in another order, and one that is left out", async () => {
    const [a, b] = [Buffer.from("one"), Buffer.from("two")];
    const heads = encode([a, b], true, "").toString("latin1").split("\r\n");
    const swapped = [heads[2], heads[3], heads[0], heads[1], ...heads.slice(4)].join("\r\n");
    const without = heads.slice(2).join("\r\n");
    for (const text of [swapped, without]) {
      const { bytes } = decodeChunks(asyncOf([Buffer.from(text, "latin1")]), { key, scope, signature: seedOf }, false);
      await assert.rejects(collect(bytes), { code: "SignatureDoesNotMatch" });
    }
  });

  for (const [what, text] of [
    ["no size", "\r\nabc\r\n0\r\n\r\n"],
    ["a size that is no number", "zz\r\nabc\r\n0\r\n\r\n"],
    ["a negative size", "-3\r\nabc\r\n0\r\n\r\n"],
    ["a size without end", `${"0".repeat(5_000)}3\r\nabc\r\n0\r\n\r\n`],
    ["a chunk longer than it says", "3\r\nabcd\r\n0\r\n\r\n"],
    ["a trailer that is none", "3\r\nabc\r\n0\r\nno trailer\r\n\r\n"],
    ["a trailer twice", "3\r\nabc\r\n0\r\na:1\r\nA:2\r\n\r\n"],
    ["signed chunks where none were announced", `3;chunk-signature=${"0".repeat(64)}\r\nabc\r\n0\r\n\r\n`],
  ] as const) {
    it(`refuses ${what}`, async () => {
      const { bytes } = decodeChunks(asyncOf([Buffer.from(text)]), undefined, true);
      await assert.rejects(collect(bytes), S3Error);
    });
  }

  it("refuses chunks without signatures where they were announced", async () => {
    const { bytes } = decodeChunks(
      asyncOf([Buffer.from("3\r\nabc\r\n0\r\n\r\n")]),
      { key, scope, signature: seedOf },
      false,
    );
    await assert.rejects(collect(bytes), S3Error);
  });
});

const seedOf = "0".repeat(64);

/** Written down once more, so that both sides do not share a mistake. */
function encode(chunks: readonly Buffer[], isSigned: boolean, trailer: string): Buffer {
  let previous = seedOf;
  const parts = [...chunks, Buffer.alloc(0)].map((chunk) => {
    const date = `${scope.timestamp}\n20130524/us-east-1/s3/aws4_request`;
    const text = `AWS4-HMAC-SHA256-PAYLOAD\n${date}\n${previous}\n${sha256Hex("")}\n${sha256Hex(chunk)}`;
    previous = createHmac("sha256", key).update(text).digest("hex");
    const head = `${chunk.length.toString(16)}${isSigned ? `;chunk-signature=${previous}` : ""}\r\n`;
    return Buffer.concat([Buffer.from(head), chunk, Buffer.from(chunk.length === 0 ? "" : "\r\n")]);
  });
  return Buffer.concat([...parts, Buffer.from(`${trailer}\r\n`)]);
}

function cut(next: (limit: number) => number, bytes: Buffer): Buffer[] {
  const parts: Buffer[] = [];
  for (let at = 0; at < bytes.length; ) {
    const length = 1 + next(9);
    parts.push(bytes.subarray(at, at + length));
    at += length;
  }
  return parts;
}

function randomBytes(next: (limit: number) => number, length: number): Buffer {
  return Buffer.from(Array.from({ length }, () => next(256)));
}

/** Whole numbers below the limit, the same in every run. */
function random(seed: number): (limit: number) => number {
  let state = seed;
  return (limit) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * limit);
  };
}

async function* asyncOf(parts: readonly Buffer[]): AsyncGenerator<Buffer> {
  yield* parts;
}

async function collect(bytes: AsyncIterable<Uint8Array>): Promise<Buffer> {
  const parts: Uint8Array[] = [];
  for await (const part of bytes) parts.push(part);
  return Buffer.concat(parts);
}
