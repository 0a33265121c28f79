import assert from "node:assert/strict";
import { once } from "node:events";
import { Readable } from "node:stream";
import { text } from "node:stream/consumers";
import { after, afterEach, before, beforeEach, describe, it } from "node:test";
import { AnswerStream, type PassedAnswer } from "./answer-stream.ts";
import { ConnectionPool } from "./connection-pool.ts";
import { answerText, type Callee, startCallee } from "./scripted-callee.test.support.ts";

describe("an answer that is passed on", () => {
  let callee: Callee;
  let pool: ConnectionPool;

  before(async () => {
    callee = await startCallee();
  });
  beforeEach(() => {
    pool = new ConnectionPool({ host: "127.0.0.1", port: callee.port });
    callee.connections = 0;
    callee.onConnection = () => {};
  });
  afterEach(() => pool.destroy());
  after(() => callee.close());

  function ask(method = "GET"): Promise<PassedAnswer> {
    return new Promise((resolve, reject) => {
      const answer = new AnswerStream(method === "HEAD", resolve, reject);
      answer.connection = pool.send(answer, `${method} / HTTP/1.1\r\nhost: test\r\n\r\n`);
    });
  }

  function answerWith(...parts: readonly string[]): void {
    callee.onRequest = ({ socket }) => void sendParts(socket, parts);
  }

  it("is whole where all of it comes at once", async () => {
    answerWith(answerText("whole", "x-a: 1\r\n"));
    const { head, body } = await ask();
    assert.deepEqual([head.status, head.header("x-a"), String(body)], [200, "1", "whole"]);
    assert.ok(Buffer.isBuffer(body));
    answerWith("HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n2\r\nwh\r\n3\r\nole\r\n0\r\n\r\n");
    assert.equal(String((await ask()).body), "whole");
    assert.equal(callee.connections, 1);
  });

  it("has no body for HEAD, 204 and 304, and an empty one for a length of 0", async () => {
    answerWith("HTTP/1.1 200 OK\r\ncontent-length: 5\r\n\r\n");
    assert.equal((await ask("HEAD")).body, null);
    for (const status of [204, 304]) {
      answerWith(`HTTP/1.1 ${status} -\r\n\r\n`);
      assert.equal((await ask()).body, null);
    }
    answerWith(answerText(""));
    assert.deepEqual((await ask()).body, Buffer.alloc(0));
    assert.equal(callee.connections, 1);
  });

  it("is a stream where it takes its time, with trailers behind it; its head does not wait", async () => {
    answerWith(
      "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n",
      "3\r\none\r\n",
      "3\r\ntwo\r\n0\r\nx-sum: 2\r\n\r\n",
    );
    const answer = await ask();
    assert.ok(answer.body instanceof Readable);
    assert.equal(await text(answer.body), "onetwo");
    assert.deepEqual({ ...answer.trailers() }, { "x-sum": "2" });
    answerWith("HTTP/1.1 200 OK\r\ncontent-length: 6\r\n\r\non", "etwo");
    assert.equal(await text((await ask()).body as Readable), "onetwo");
    assert.equal(callee.connections, 1);
  });

  it("keeps trailers that come with everything else", async () => {
    answerWith("HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n3\r\none\r\n0\r\nx-sum: 1\r\n\r\n");
    const answer = await ask();
    assert.equal(await text(answer.body as Readable), "one");
    assert.deepEqual({ ...answer.trailers() }, { "x-sum": "1" });
  });

  it("lasts to the end of the connection where nothing says how long it is", async () => {
    callee.onRequest = async ({ socket }) => {
      await sendParts(socket, ["HTTP/1.1 200 OK\r\n\r\none", "two"]);
      socket.end();
    };
    assert.equal(await text((await ask()).body as Readable), "onetwo");
  });

  it("breaks where the connection does", async () => {
    callee.onRequest = async ({ socket }) => {
      await sendParts(socket, ["HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\none", "two"]);
      socket.destroy();
    };
    await assert.rejects(text((await ask()).body as Readable), Error);
  });

  it("cuts the connection when nobody reads it to its end", async () => {
    const closed = new Promise((resolve) => {
      callee.onConnection = (socket) => void socket.once("close", resolve);
    });
    answerWith("HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\none");
    ((await ask()).body as Readable).destroy();
    await closed;
  });

  it("holds the other side back when it is not read", async () => {
    const part = "x".repeat(64 * 1024);
    const count = 512;
    let sent = 0;
    callee.onRequest = async ({ socket }) => {
      socket.write(`HTTP/1.1 200 OK\r\ncontent-length: ${part.length * count}\r\n\r\n`);
      for (; sent < count; sent++) if (!socket.write(part)) await once(socket, "drain");
    };
    const { body } = await ask();
    let before = -1;
    while (sent !== before) {
      before = sent;
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
    assert.ok(sent < count, `${sent} of ${count} parts went into nowhere`);
    assert.equal((await text(body as Readable)).length, part.length * count);
  });
});

async function sendParts(socket: { write(text: string): unknown }, parts: readonly string[]): Promise<void> {
  for (const part of parts) {
    socket.write(part);
    await new Promise((resolve) => setTimeout(resolve, 30));
  }
}
