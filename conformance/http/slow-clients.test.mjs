// Clients that take their time, on purpose or not: whoever makes no progress loses the connection, whoever only waits for a slow answer
// does not. The fast lane with short limits; node:http has its own for the other.
import assert from "node:assert/strict";
import { createServer } from "node:net";
import { after, before, describe, test } from "node:test";
import { FastServer } from "../../packages/runtime/dist/http/fast-server.js";
import { eventually } from "../harness/eventually.mjs";
import { get, post } from "./cases/write.mjs";
import { WireClient } from "./wire.mjs";
import { World } from "./world.mjs";

const limits = { headMs: 1000, requestMs: 2000, idleMs: 1000, lingerMs: 500 };
const DRIP_MS = 100;

describe("slow clients", { concurrency: true }, () => {
  let world;
  let server;
  let port;
  before(async () => {
    world = new World();
    const { answer } = world;
    const handOver = (socket) => socket.destroy();
    const fast = new FastServer({ answer, handOver, headerLimitBytes: 16 * 1024, limits });
    server = createServer({ allowHalfOpen: true, noDelay: true }, (socket) => fast.accept(socket));
    await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
    port = server.address().port;
  });
  after(() => server.close());

  test("who connects and says nothing is put out", async () => {
    const client = await WireClient.open(port);
    assert.equal(await client.untilClosed(), "");
  });

  test("who sends a head byte by byte for ever is told so and put out", async () => {
    const client = await WireClient.open(port);
    const stop = drip(client, "GET /sync HTTP/1.1\r\nhost: example.com\r\n", "x");
    const answer = await client.readAnswer();
    stop();
    assert.equal(answer.status, 408);
    assert.equal(await client.untilClosed(), "");
  });

  test("who sends header after header for ever is put out, too", async () => {
    const client = await WireClient.open(port);
    const stop = drip(client, "GET /sync HTTP/1.1\r\nhost: example.com\r\n", "x-a: b\r\n");
    assert.equal((await client.readAnswer()).status, 408);
    stop();
    assert.equal(await client.untilClosed(), "");
  });

  test("who sends a body byte by byte for ever is put out", async () => {
    const client = await WireClient.open(port);
    const stop = drip(client, post("/echo", "x".repeat(1000)).slice(0, -1000), "x");
    assert.equal((await client.readAnswer()).status, 408);
    stop();
    assert.equal(await client.untilClosed(), "");
  });

  test("who has had an answer and says nothing more is put out without a word", async () => {
    const client = await WireClient.open(port);
    await client.send(get("/sync"));
    assert.equal((await client.readAnswer()).body, "GET");
    assert.equal(await client.untilClosed(), "");
  });

  test("who does not come to the end of a body that nobody wants is put out behind its answer", async () => {
    const client = await WireClient.open(port);
    const stop = drip(client, post("/ignore", "x".repeat(1000)).slice(0, -1000), "x");
    assert.equal((await client.readAnswer()).body, "ignored");
    await client.untilClosed();
    stop();
  });

  test("who waits for a slow answer waits as long as it takes", async () => {
    const client = await WireClient.open(port);
    await client.send(get("/gate?slowly"));
    await eventually("the request to start", () => world.started.includes("slowly"));
    // Longer than any of the limits: others that came later are put out before.
    const other = await WireClient.open(port);
    await other.untilClosed();
    const third = await WireClient.open(port);
    await third.untilClosed();
    world.openGate();
    assert.equal((await client.readAnswer()).body, "slowly");
    client.destroy();
  });

  test("who reads an endless answer slowly keeps it", async () => {
    const client = await WireClient.open(port);
    client.socket.pause();
    await client.send(get("/endless"));
    const other = await WireClient.open(port);
    await other.untilClosed();
    const third = await WireClient.open(port);
    await third.untilClosed();
    client.socket.resume();
    assert.match(await client.readBytes(12), /^HTTP\/1\.1 200$/);
    client.discard();
    const before = world.streamedBytes;
    await eventually("the stream to go on", () => world.streamedBytes > before + 8 * 1024 * 1024);
    client.destroy();
  });
});

/** Sends the beginning and then a little for ever, until stopped or cut off. */
function drip(client, beginning, little) {
  void client.send(beginning);
  const timer = setInterval(() => void client.send(little), DRIP_MS);
  client.socket.once("close", () => clearInterval(timer));
  return () => clearInterval(timer);
}
