// A multipart upload that fails: the store is told to forget the parts, once none is on its way any more.
import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { Readable } from "node:stream";
import { setImmediate } from "node:timers/promises";
import { it } from "node:test";
import { ObjectsError } from "../errors.ts";
import { PartBuffers } from "../http/part-buffers.ts";
import type { S3Answer, S3Request } from "./s3-client.ts";
import { uploadParts } from "./upload-parts.ts";

const asked = { bucket: "b", object: "o" };
const upload = {
  key: "o",
  headers: { "content-type": "x/y" },
  conditionHeaders: { "if-none-match": "*" },
  asked,
  signal: undefined,
};

function answer(status: number, text = "", etag?: string): S3Answer {
  const body = Readable.from([Buffer.from(text)]) as unknown as S3Answer["body"];
  return { status, headers: etag === undefined ? {} : { etag }, body };
}

async function run(partAnswer: (number: number) => S3Answer | Promise<S3Answer>) {
  const log: string[] = [];
  const send = async ({ method, query = {}, body, headers }: S3Request) => {
    const number = Number(query["partNumber"]);
    if ("uploads" in query) return answer(200, "<R><UploadId>u</UploadId></R>");
    if (method === "DELETE") log.push("abort");
    else if (method === "POST") log.push(`complete ${headers?.["if-none-match"]} ${body}`);
    if (method !== "PUT") return answer(200, "<R><ETag>&quot;all&quot;</ETag></R>");
    try {
      return await partAnswer(number);
    } finally {
      log.push(`part ${number}`);
    }
  };
  const source = Readable.from([Buffer.alloc(10)]);
  const buffers = new PartBuffers(source, 3);
  const outcome = uploadParts(send, upload, await buffers.next(), buffers);
  return { log, outcome };
}

it("sends all parts and lists them in order", async () => {
  const { log, outcome } = await run(async (number) => {
    // The first one comes last.
    if (number === 1) await setImmediate();
    return answer(200, "", `"e${number}"`);
  });
  const { etag, sizeBytes } = await outcome;
  assert.deepEqual([etag, sizeBytes], ['"all"', 10]);
  const listed = [1, 2, 3, 4].map((n) => `<Part><PartNumber>${n}</PartNumber><ETag>"e${n}"</ETag></Part>`).join("");
  assert.ok(log.at(-1)?.startsWith("complete * "));
  assert.ok(log.at(-1)?.includes(listed));
});

it("forgets everything when a part is refused, after the others have arrived", async () => {
  const { log, outcome } = await run(async (number) => {
    if (number === 2) return answer(400, "<Error><Code>Nope</Code></Error>");
    await setImmediate();
    return answer(200, "", "e");
  });
  await assert.rejects(outcome, (error) => error instanceof ObjectsError && /Nope/.test(error.message));
  assert.equal(log.at(-1), "abort");
  assert.equal(log.filter((line) => line === "abort").length, 1);
  assert.ok(!log.some((line) => line.startsWith("complete")));
});

it("an answer of success that says it failed is no success", async () => {
  const send = async ({ method, query = {} }: S3Request) => {
    if ("uploads" in query) return answer(200, "<R><UploadId>u</UploadId></R>");
    if (method === "POST") return answer(200, "<Error><Code>InternalError</Code><Message>later</Message></Error>");
    return answer(200, "", "e");
  };
  const buffers = new PartBuffers(Readable.from([Buffer.alloc(3)]), 3);
  await assert.rejects(uploadParts(send, upload, await buffers.next(), buffers), (error) => {
    assert.ok(error instanceof ObjectsError && error.code === "objects_unavailable", String(error));
    assert.match(error.message, /InternalError, later/);
    return true;
  });
});

it("a store that is silent when it shall forget the parts does not hold up the failure, and is asked once", async () => {
  const aborts: S3Request[] = [];
  const send = (request: S3Request): Promise<S3Answer> => {
    if ("uploads" in (request.query ?? {})) return Promise.resolve(answer(200, "<R><UploadId>u</UploadId></R>"));
    if (request.method !== "DELETE") return Promise.resolve(answer(403, "<Error><Code>Nope</Code></Error>"));
    aborts.push(request);
    return new Promise(() => {});
  };
  const buffers = new PartBuffers(Readable.from([Buffer.alloc(3)]), 3);
  await assert.rejects(uploadParts(send, upload, await buffers.next(), buffers), /Nope/);
  assert.deepEqual(
    aborts.map(({ attempts, silenceMs }) => [attempts, silenceMs]),
    [[1, 5_000]],
  );
});

it("an upload that the store does not know any more is done if its object is there", async () => {
  const part = "9e107d9d372bb6826bd81d3542a419d6";
  const whole = createHash("md5").update(Buffer.from(part, "hex")).digest("hex");
  for (const [etag, isDone] of [
    [`"${whole}-1"`, true],
    ['"of another-1"', false],
  ] as const) {
    const send = async ({ method, query = {} }: S3Request) => {
      if ("uploads" in query) return answer(200, "<R><UploadId>u</UploadId></R>");
      if (method === "POST") return answer(404, "<Error><Code>NoSuchUpload</Code></Error>");
      return answer(200, "", method === "HEAD" ? etag : `"${part}"`);
    };
    const buffers = new PartBuffers(Readable.from([Buffer.alloc(3)]), 3);
    const outcome = uploadParts(send, upload, await buffers.next(), buffers);
    if (isDone) assert.equal((await outcome).etag, etag);
    else await assert.rejects(outcome, /NoSuchUpload/);
  }
});
