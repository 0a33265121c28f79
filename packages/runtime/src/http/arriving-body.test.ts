// Mirrors the diagram in arriving-body.ts.
import assert from "node:assert/strict";
import { once } from "node:events";
import { describe, test } from "node:test";
import { ArrivingBody } from "./arriving-body.ts";
import { readFraming } from "./read-framing.ts";

function sized(contentLength: number): { body: ArrivingBody; resumed: () => number } {
  let resumed = 0;
  const framing = { ...readFraming("", []), contentLength };
  const body = new ArrivingBody(framing, { resumeBody: () => void resumed++ }, 1024);
  return { body, resumed: () => resumed };
}

const give = (body: ArrivingBody, text: string) => body.take(Buffer.from(text), 0);

describe("a body that arrives", () => {
  test("is there at once when it has all arrived before it is asked for", () => {
    const { body } = sized(4);
    give(body, "ab");
    assert.equal(give(body, "cdGET"), 2);
    assert.equal(body.isOver, true);
    assert.equal(String(body.readAll(null)), "abcd");
    assert.equal(String(body.readAll(4)), "abcd");
  });

  test("is awaited when it has not", async () => {
    const { body, resumed } = sized(4);
    give(body, "ab");
    const all = body.readAll(null);
    assert.equal(resumed(), 1);
    give(body, "cd");
    assert.equal(String(await all), "abcd");
  });

  test("fails as soon as it is too large, and is dropped from then on", async () => {
    const framing = { ...readFraming("", []), isChunked: true };
    const body = new ArrivingBody(framing, { resumeBody() {} }, 1024);
    const all = Promise.resolve(body.readAll(3));
    const refused = assert.rejects(all, { code: "invalid_argument" });
    give(body, "2\r\nab\r\n");
    give(body, "2\r\ncd\r\n");
    await refused;
    assert.equal(body.isFull, false);
    give(body, "0\r\n\r\n");
    assert.equal(body.isOver, true);
    await assert.rejects(Promise.resolve(body.readAll(null)), /discarded/);
  });

  test("keeps its order when parts of all sizes come", async () => {
    const sizes = [1, 600, ...Array.from({ length: 300 }, () => 1), 512, 511, 2];
    const { body } = sized(sizes.reduce((sum, size) => sum + size, 0));
    let sent = "";
    for (const [index, size] of sizes.entries()) {
      const part = String.fromCharCode(97 + (index % 26)).repeat(size);
      sent += part;
      give(body, part);
    }
    assert.equal(String(body.readAll(null)), sent);
    assert.equal(String(await body.openStream().toArray().then(Buffer.concat)), sent);
  });

  test("holds the client back when nobody has asked for it", () => {
    const { body } = sized(200_000);
    give(body, "x".repeat(65_535));
    assert.equal(body.isFull, false);
    give(body, "x");
    assert.equal(body.isFull, true);
    void Promise.resolve(body.readAll(null)).catch(() => {});
    assert.equal(body.isFull, false);
  });

  test("as a stream it holds the client back by what is not read, and lets it go on then", async () => {
    const { body, resumed } = sized(200_000);
    give(body, "a");
    const stream = body.openStream();
    give(body, "x".repeat(100_000));
    assert.equal(body.isFull, true);
    let sizeBytes = 0;
    stream.on("data", (part: Buffer) => {
      sizeBytes += part.length;
    });
    while (resumed() === 0 || body.isFull) await new Promise((resolve) => setImmediate(resolve));
    give(body, "x".repeat(99_999));
    await once(stream, "end");
    assert.equal(sizeBytes, 200_000);
  });

  test("a stream that is destroyed drops the rest", async () => {
    const { body } = sized(200_000);
    const stream = body.openStream();
    give(body, "x".repeat(100_000));
    stream.destroy();
    await once(stream, "close");
    assert.equal(body.isFull, false);
    give(body, "x".repeat(100_000));
    assert.equal(body.isOver, true);
  });

  test("that is dropped while it is streamed breaks off: it never seems to be all", async () => {
    const { body } = sized(200_000);
    const stream = body.openStream();
    give(body, "x".repeat(100_000));
    body.discard();
    give(body, "x".repeat(100_000));
    assert.equal(body.isOver, true);
    await assert.rejects(stream.toArray(), /answered before all of its body came/);
  });

  test("that breaks off fails for whoever waits, reads, or asks later", async () => {
    const waiting = sized(4).body;
    const all = Promise.resolve(waiting.readAll(null));
    const told = assert.rejects(all, /broken/);
    waiting.break(new Error("broken"));
    await told;
    await assert.rejects(Promise.resolve(waiting.readAll(null)), /broken/);

    const reading = sized(4).body;
    const stream = reading.openStream();
    give(reading, "ab");
    reading.break(new Error("broken"));
    await assert.rejects(stream.toArray(), /broken/);
  });

  test("that breaks off with a stream nobody reads is no reason for the process to end", async () => {
    const { body } = sized(4);
    const stream = body.openStream();
    body.break(new Error("broken"));
    await new Promise((resolve) => stream.once("close", resolve));
    assert.equal(stream.errored?.message, "broken");
  });
});
