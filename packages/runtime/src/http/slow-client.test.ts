// What a client that takes its time may rely on: an answer that is on its way is not cut off by the patience for clients that do nothing.
import assert from "node:assert/strict";
import { AsyncLocalStorage } from "node:async_hooks";
import { Readable } from "node:stream";
import { afterEach, describe, test } from "node:test";
import type { OutgoingResponse } from "../call/exchange.ts";
import { useClock } from "../clock/clock.ts";
import { VirtualClock } from "../clock/virtual-clock.ts";
import { type OpenLane, openLane } from "./fast-lane.test.support.ts";

const LARGE = 32 * 1024 * 1024;
const timeout = 60_000;
const fine = (body: OutgoingResponse["body"] = "ok"): OutgoingResponse => ({ status: 200, headers: {}, body });
const get = (path: string, ...fields: string[]) =>
  `GET ${path} HTTP/1.1\r\nhost: a\r\n${fields.map((f) => `${f}\r\n`).join("")}\r\n`;

let lane: OpenLane;
afterEach(() => lane.close());

describe("a long answer that the client takes slowly", { timeout }, () => {
  for (const [name, ...fields] of [
    ["is not cut off as an idle connection"],
    ["nor as the last one", "connection: close"],
  ]) {
    test(name!, async () => {
      const clock = new VirtualClock(0);
      const restore = useClock(clock);
      let answered = false;
      try {
        lane = await openLane(() => {
          answered = true;
          return fine(Buffer.alloc(LARGE, "x"));
        });
        lane.client.pause();
        lane.client.write(get("/", ...fields));
        await lane.until(() => answered);
        await clock.advance(200_000);
        lane.client.resume();
        await lane.until(() => lane.received().length >= LARGE || lane.isClosed());
        assert.ok(lane.received().length > LARGE, `only ${lane.received().length} bytes came`);
      } finally {
        restore();
      }
    });
  }
});

describe("an answer whose body has ended already", { timeout }, () => {
  test("counts once", async () => {
    const body = Readable.from([]);
    body.resume();
    await new Promise((resolve) => body.once("end", resolve));
    lane = await openLane((request) => (request.path === "/ended" ? fine(body) : fine()));
    lane.client.write(get("/ended") + get("/next"));
    await lane.until(() => lane.received().endsWith("ok"));
    assert.equal(lane.server.requestsUnderWay, 0);
    lane.client.write(get("/again"));
    await lane.until(() => lane.received().split("HTTP/1.1 200").length === 4);
    assert.equal(lane.server.requestsUnderWay, 0);
  });
});

describe("a lane that shuts down", { timeout }, () => {
  test("does not begin requests that it will not answer", async () => {
    const paths: string[] = [];
    lane = await openLane((request) => {
      paths.push(request.path);
      return fine(request.path === "/large" ? Buffer.alloc(LARGE, "x") : "ok");
    });
    lane.client.pause();
    lane.client.write(get("/large"));
    await lane.until(() => paths.length === 1);
    const isDown = lane.server.shutDown(10_000);
    lane.client.write(get("/late"));
    await new Promise((resolve) => setTimeout(resolve, 50));
    lane.client.resume();
    await isDown;
    assert.deepEqual(paths, ["/large"]);
  });
});

describe("what a request leaves in its async context", { timeout }, () => {
  test("is not seen by the next one on the same connection", async () => {
    const storage = new AsyncLocalStorage<string>();
    const seen: (string | undefined)[] = [];
    lane = await openLane((request) => {
      seen.push(storage.getStore());
      storage.enterWith(request.path);
      return fine();
    });
    lane.client.write(get("/a"));
    await lane.until(() => seen.length === 1);
    lane.client.write(get("/b") + get("/c"));
    await lane.until(() => seen.length === 3);
    assert.deepEqual(seen, [undefined, undefined, undefined]);
  });
});
