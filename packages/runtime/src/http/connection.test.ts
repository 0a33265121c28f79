// Mirrors the diagram in connection.ts: every arrow is walked once, by bytes of a real client.
import assert from "node:assert/strict";
import { once } from "node:events";
import { Readable } from "node:stream";
import { afterEach, describe, test } from "node:test";
import type { OutgoingResponse } from "../call/exchange.ts";
import { useClock } from "../clock/clock.ts";
import { VirtualClock } from "../clock/virtual-clock.ts";
import { type OpenLane, openLane } from "./fast-lane.test.support.ts";

const fine = (body = "ok"): OutgoingResponse => ({ status: 200, headers: {}, body });
const get = (path: string, ...fields: string[]) =>
  `GET ${path} HTTP/1.1\r\nhost: a\r\n${fields.map((f) => `${f}\r\n`).join("")}\r\n`;
const post = (path: string, length: number, body: string) =>
  `POST ${path} HTTP/1.1\r\nhost: a\r\ncontent-length: ${length}\r\n\r\n${body}`;
const statusesIn = (text: string) => [...text.matchAll(/HTTP\/1\.1 (\d+)/g)].map((match) => Number(match[1]));

let lane: OpenLane;
let release: (outgoing: OutgoingResponse) => void = () => {};
const later = () =>
  new Promise<OutgoingResponse>((resolve) => {
    release = resolve;
  });
const timeout = 60_000;

afterEach(() => lane.close());

describe("the phases of a connection", { timeout }, () => {
  test("silent -> head -> busy -> idle -> head", async () => {
    lane = await openLane(later);
    assert.equal(lane.connection.phase, "silent");
    lane.client.write("GET / HTTP/1.1\r\n");
    await lane.untilPhase("head");
    lane.client.write("host: a\r\n\r\n");
    await lane.untilPhase("busy");
    release(fine());
    await lane.untilPhase("idle");
    lane.client.write("GET");
    await lane.untilPhase("head");
  });

  test("head -> body -> busy -> idle", async () => {
    lane = await openLane(later);
    lane.client.write(post("/", 4, "ab"));
    await lane.untilPhase("body");
    lane.client.write("cd");
    await lane.untilPhase("busy");
    release(fine());
    await lane.untilPhase("idle");
  });

  test("body -> discarding -> idle, and the next request is understood", async () => {
    lane = await openLane(() => fine());
    lane.client.write(post("/", 4, "ab"));
    await lane.untilPhase("discarding");
    lane.client.write(`cd${get("/")}`);
    await lane.untilPhase("idle");
    await lane.until(() => statusesIn(lane.received()).length === 2);
  });

  test("busy -> ending -> closed, with the last answer", async () => {
    lane = await openLane(() => fine());
    lane.client.write(get("/", "connection: close"));
    await lane.until(lane.isClosed);
    assert.match(lane.received(), /connection: close\r\n\r\nok$/);
    assert.equal(lane.connection.phase, "ending");
  });

  test("head -> ending by a refusal, behind the answers before it", async () => {
    lane = await openLane(later);
    lane.client.write(`${get("/")}BROKEN\r\n\r\n${get("/never")}`);
    await lane.untilPhase("busy");
    release(fine());
    await lane.untilPhase("ending");
    await lane.until(lane.isClosed);
    assert.deepEqual(statusesIn(lane.received()), [200, 400]);
  });

  test("body -> ending by a refusal, and whoever reads the body is told", async () => {
    let failure: unknown;
    let isGone = false;
    lane = await openLane(async (request) => {
      request.onClientGone(() => {
        isGone = true;
      });
      await Promise.resolve(request.readBody(null)).catch((error: unknown) => {
        failure = error;
      });
      return fine("too late");
    });
    lane.client.write("POST / HTTP/1.1\r\nhost: a\r\ntransfer-encoding: chunked\r\n\r\n2\r\nab\r\n");
    await lane.untilPhase("body");
    lane.client.write("2\r\nabc\r\n");
    await lane.until(lane.isClosed);
    assert.deepEqual(statusesIn(lane.received()), [400]);
    assert.equal((failure as NodeJS.ErrnoException).code, "ECONNRESET");
    assert.ok(isGone);
  });

  test("a refusal waits for the end of a stream before it", async () => {
    const body = new Readable({ read() {} });
    lane = await openLane(() => ({ status: 200, headers: {}, body }));
    body.push("first");
    lane.client.write(`${get("/")}BROKEN\r\n\r\n`);
    await lane.until(() => lane.received().includes("first"));
    body.push("second");
    body.push(null);
    await lane.until(lane.isClosed);
    assert.deepEqual(statusesIn(lane.received()), [200, 400]);
    assert.match(lane.received(), /5\r\nfirst\r\n6\r\nsecond\r\n0\r\n\r\nHTTP/);
  });

  test("a stream that has ended before it is sent is an empty answer, and the next one follows", async () => {
    const body = new Readable({ read() {} });
    body.push(null);
    body.resume();
    await once(body, "end");
    lane = await openLane((request) => (request.path === "/ended" ? { status: 200, headers: {}, body } : fine()));
    lane.client.write(get("/ended") + get("/"));
    await lane.until(() => lane.received().endsWith("ok"));
    assert.deepEqual(statusesIn(lane.received()), [200, 200]);
    assert.equal(lane.server.requestsUnderWay, 0);
  });

  test("handed over with all that has not been answered, behind the answers before it", async () => {
    let rest = "";
    lane = await openLane(later, {
      laneOf: (request) => (request.path === "/raw" ? "compat" : "fast"),
      handOver: (socket) => {
        socket.on("end", () => socket.end());
        socket.on("data", (part: Buffer) => {
          rest += part.toString();
        });
      },
    });
    const raw = post("/raw", 3, "abc") + get("/behind");
    lane.client.write(get("/first") + raw);
    await lane.untilPhase("busy");
    assert.equal(rest, "");
    release(fine());
    await lane.until(() => rest === raw);
    assert.deepEqual(statusesIn(lane.received()), [200]);
  });
});

describe("the patience of a connection", { timeout }, () => {
  async function patient(
    text: string,
    advanceMs: number,
    answer = later as () => Promise<OutgoingResponse>,
  ): Promise<void> {
    const clock = new VirtualClock(0);
    const restore = useClock(clock);
    try {
      lane = await openLane(answer);
      if (text !== "") {
        lane.client.write(text);
        await lane.until(() => lane.connection.phase !== "silent");
      }
      await clock.advance(advanceMs);
    } finally {
      restore();
    }
  }

  test("a head has 60 s, then it is refused", async () => {
    await patient("GET / HTTP/1.1\r\n", 60_000);
    assert.deepEqual([lane.received(), lane.connection.phase], ["", "head"]);
    await lane.close();
    await patient("GET / HTTP/1.1\r\n", 62_000);
    await lane.until(lane.isClosed);
    assert.deepEqual(statusesIn(lane.received()), [408]);
  });

  test("a body has 300 s, then it is refused", async () => {
    await patient(post("/", 4, "ab"), 302_000);
    await lane.until(lane.isClosed);
    assert.deepEqual(statusesIn(lane.received()), [408]);
  });

  test("a client that says nothing is left without a word", async () => {
    await patient("", 62_000);
    await lane.until(lane.isClosed);
    assert.equal(lane.received(), "");
  });

  test("an idle connection has 65 s", async () => {
    await patient(get("/"), 64_000, () => Promise.resolve(fine()));
    assert.equal(lane.connection.phase, "idle");
    await lane.close();
    await patient(get("/"), 67_000, () => Promise.resolve(fine()));
    await lane.until(lane.isClosed);
    assert.deepEqual(statusesIn(lane.received()), [200]);
  });

  test("an answer has all the time it takes", async () => {
    await patient(get("/"), 1_000_000);
    assert.equal(lane.connection.phase, "busy");
    release(fine());
    await lane.until(() => lane.received().endsWith("ok"));
  });

  test("a body that nobody wants has 2 s", async () => {
    await patient(post("/", 10, "ab"), 4_000, () => Promise.resolve(fine()));
    await lane.until(lane.isClosed);
    assert.deepEqual(statusesIn(lane.received()), [200]);
  });
});

describe("requests behind one another", { timeout }, () => {
  test("are under way at the same time, up to a limit, and answered in order", async () => {
    const releases: ((outgoing: OutgoingResponse) => void)[] = [];
    const paths: string[] = [];
    lane = await openLane((request) => {
      paths.push(request.path);
      return new Promise((resolve) => releases.push(resolve));
    });
    lane.client.write(Array.from({ length: 40 }, (_, index) => get(`/${index}`)).join(""));
    await lane.until(() => releases.length === 32);
    for (let index = 0; index < 5; index++) await new Promise((resolve) => setImmediate(resolve));
    assert.equal(releases.length, 32);
    for (let index = 31; index >= 0; index--) releases[index]!(fine(`<${index}>`));
    await lane.until(() => releases.length === 40);
    for (let index = 39; index >= 32; index--) releases[index]!(fine(`<${index}>`));
    await lane.until(() => lane.received().endsWith("<39>"));
    const bodies = [...lane.received().matchAll(/<(\d+)>/g)].map((match) => Number(match[1]));
    assert.deepEqual(
      bodies,
      Array.from({ length: 40 }, (_, index) => index),
    );
    assert.equal(paths[39], "/39");
    assert.equal(lane.server.requestsUnderWay, 0);
  });

  test("a client that does not read is not read from either", async () => {
    const body = "x".repeat(10_000);
    let served = 0;
    lane = await openLane(() => {
      served++;
      return fine(body);
    });
    lane.client.pause();
    const many = 4_000;
    lane.client.write(get("/").repeat(many));
    let before = -1;
    while (served !== before) {
      before = served;
      for (let turn = 0; turn < 200; turn++) await new Promise((resolve) => setImmediate(resolve));
    }
    assert.ok(served < many, `${served} answers were made for nobody`);
    lane.client.resume();
    await lane.until(() => lane.received().length > many * body.length);
    assert.equal(served, many);
  });
});
