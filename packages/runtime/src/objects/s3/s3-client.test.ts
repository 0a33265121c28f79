// What the client does when a store or the way to it fails for a while, and what it sends.
import assert from "node:assert/strict";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { after, before, beforeEach, describe, it } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import type { S3BucketConfig } from "./s3-bucket-config.ts";
import { readText } from "../http/store-connection.ts";
import { S3Client } from "./s3-client.ts";
import { S3Store } from "./s3-store.ts";

type Handle = (request: IncomingMessage, response: ServerResponse, body: string) => void;

describe("S3Client", () => {
  let server: Server;
  let client: S3Client;
  let config: S3BucketConfig;
  let handle: Handle;
  let seen: string[];
  before(async () => {
    server = createServer((request, response) => {
      const parts: Buffer[] = [];
      request.on("data", (part: Buffer) => parts.push(part));
      request.on("end", () => {
        seen.push(`${request.method} ${request.url}`);
        handle(request, response, Buffer.concat(parts).toString());
      });
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    config = {
      endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}/base/`,
      region: "r",
      bucketName: "b",
      accessKeyId: "k",
      secretAccessKey: "s",
    };
    client = new S3Client(config);
  });
  beforeEach(() => {
    seen = [];
  });
  after(() => {
    server.close();
    server.closeAllConnections();
  });

  it("sends the same body again after a failure of the store, and of the connection", async () => {
    const answers: Handle[] = [
      (_, response) => response.writeHead(503).end(),
      (request) => request.socket.destroy(),
      (_, response, body) => response.end(`got ${body}`),
    ];
    handle = (...args) => answers.shift()!(...args);
    const answer = await client.send({ method: "PUT", key: "k", body: Buffer.from("body") });
    assert.equal(await readText(answer), "got body");
    assert.equal(seen.length, 3);
  });

  it("sends the token of keys that hold for a while, signed, and puts it into signed URLs", async () => {
    let headers: IncomingMessage["headers"] = {};
    handle = (request, response) => {
      headers = request.headers;
      response.end();
    };
    const passing = new S3Client({ ...config, sessionToken: "to/ken" });
    await readText(await passing.send({ method: "GET", key: "k" }));
    assert.equal(headers["x-amz-security-token"], "to/ken");
    assert.match(headers.authorization ?? "", /SignedHeaders=[^,]*x-amz-security-token/);
    const url = new URL(await passing.presign("GET", "k", { ttlSeconds: 60, query: {}, headers: {} }));
    assert.equal(url.searchParams.get("X-Amz-Security-Token"), "to/ken");
    await readText(await client.send({ method: "GET", key: "k" }));
    assert.equal(headers["x-amz-security-token"], undefined);
  });

  it("does not repeat what the store refuses, and gives up at last", async () => {
    handle = (_, response) => response.writeHead(403).end();
    assert.equal((await client.send({ method: "GET", key: "k" })).status, 403);
    assert.equal(seen.length, 1);
    handle = (_, response) => response.writeHead(500).end();
    assert.equal((await client.send({ method: "GET", key: "k" })).status, 500);
    assert.equal(seen.length, 5);
    handle = (request) => request.socket.destroy();
    await assert.rejects(client.send({ method: "GET", key: "k" }));
  });

  it("does not repeat a write with a condition that may have been done", async () => {
    const headers = { "if-none-match": "*" };
    handle = (request) => request.socket.destroy();
    await assert.rejects(client.send({ method: "PUT", key: "k", headers, body: Buffer.from("x") }));
    handle = (_, response) => response.writeHead(500).end();
    assert.equal((await client.send({ method: "PUT", key: "k", headers, body: Buffer.from("x") })).status, 500);
    assert.equal(seen.length, 2);
    const answers = [503, 200];
    handle = (_, response) => response.writeHead(answers.shift()!).end();
    assert.equal((await client.send({ method: "PUT", key: "k", headers, body: Buffer.from("x") })).status, 200);
  });

  it("stops waiting when the signal says so", async () => {
    const stop = new AbortController();
    handle = () => stop.abort(new Error("enough"));
    await assert.rejects(client.send({ method: "GET", key: "k", signal: stop.signal }), { message: "enough" });
    assert.equal(seen.length, 1);
  });

  it("leaves names as they are: what looks like a way up is none", async () => {
    handle = (_, response) => response.end();
    for (const key of ["a/../../other/x", "a b+c", "ü", "..", "a//b"]) await client.send({ method: "GET", key });
    assert.deepEqual(
      seen.map((line) => line.slice("GET ".length)),
      ["/base/b/a%2F..%2F..%2Fother%2Fx", "/base/b/a%20b%2Bc", "/base/b/%C3%BC", "/base/b/..", "/base/b/a//b"],
    );
  });

  it("takes a reader who pauses for no silence of the store", async () => {
    handle = (_, response) => response.end(Buffer.alloc(16 * 1024 * 1024));
    const { body } = await client.send({ method: "GET", key: "k", silenceMs: 1_000 });
    await sleep(1_500);
    let sizeBytes = 0;
    for await (const chunk of body as AsyncIterable<Buffer>) sizeBytes += chunk.length;
    assert.equal(sizeBytes, 16 * 1024 * 1024);
  });

  it("a store that falls silent in the middle of an answer is given up", async () => {
    handle = (_, response) => response.writeHead(200, { "content-length": 10 }).write("half");
    await assert.rejects(readText(await client.send({ method: "GET", key: "k", silenceMs: 50 })));
  });

  it("lets go of the connection when a download is dropped before its first byte", { timeout: 60_000 }, async () => {
    const gone = new Promise<void>((resolve) => {
      handle = (_, response) => {
        response.once("close", resolve);
        response.write(Buffer.alloc(1024));
      };
    });
    const store = new S3Store("b", config);
    const { body } = await store.open("k", { version: undefined, range: undefined, signal: undefined });
    body.destroy();
    await gone;
  });
});
