// What stands behind the doors of the suite: an `answer` that tells what the lane made of a request, and answers of every kind.
import assert from "node:assert/strict";
import { Readable } from "node:stream";
import { setTimeout as sleep } from "node:timers/promises";
import { ANSWERED } from "../../packages/runtime/dist/call/exchange.js";
import { RequestError } from "../../packages/runtime/dist/call/request-error.js";
import { respondError } from "../../packages/runtime/dist/call/respond.js";

const BODY_LIMIT_BYTES = 4 * 1024 * 1024;
const text = { "content-type": "text/plain" };

/** Told by the answers and by clients that vanish: tests look at it. */
export class World {
  /** Names of requests whose client went away. */
  gone = [];
  /** Bytes that streams have given so far, by path. */
  streamedBytes = 0;
  started = [];
  /** For `/gate`: answers wait until the test opens it. */
  #openGate = () => {};
  #gate = this.#newGate();

  openGate() {
    this.#openGate();
    this.#gate = this.#newGate();
  }

  #newGate() {
    return new Promise((resolve) => {
      this.#openGate = resolve;
    });
  }

  answer = (request) => {
    const route = routes[request.path];
    if (route === undefined) return { status: 404, headers: {}, body: "" };
    return route.call(this, request);
  };

  answerUpgrade = (request) => {
    if (request.path !== "/tunnel") return this.answer(request);
    const { socket, head } = request;
    socket.write("HTTP/1.1 101 Switching Protocols\r\nconnection: upgrade\r\nupgrade: echo\r\n\r\n");
    socket.write(head);
    socket.pipe(socket);
    return "taken";
  };

  gate() {
    return this.#gate;
  }
}

const routes = {
  async "/echo"(request) {
    this.started.push(request.query);
    return echo(request, await whole(request));
  },
  "/sync"(request) {
    return { status: 200, headers: text, body: request.method };
  },
  async "/slow"(request) {
    const body = await whole(request);
    await sleep(20);
    return echo(request, body);
  },
  async "/gate"(request) {
    this.started.push(request.query);
    request.onClientGone(() => this.gone.push(request.query));
    await this.gate();
    return { status: 200, headers: text, body: request.query };
  },
  async "/late"(request) {
    await sleep(10);
    return echo(request, await whole(request));
  },
  "/ignore"() {
    return { status: 200, headers: text, body: "ignored" };
  },
  "/refuse"() {
    return { status: 413, headers: text, body: "too much" };
  },
  async "/limited"(request) {
    try {
      return echo(request, await request.readBody(10));
    } catch (error) {
      if (error instanceof RequestError) return respondError(error);
      throw error;
    }
  },
  async "/count"(request) {
    let sizeBytes = 0;
    for await (const chunk of request.openBody()) sizeBytes += chunk.length;
    return { status: 200, headers: text, body: String(sizeBytes) };
  },
  /** Reads a little of the body and answers at once. */
  async "/taste"(request) {
    for await (const chunk of request.openBody().iterator({ destroyOnReturn: false })) {
      return { status: 200, headers: text, body: String(chunk[0]) };
    }
    return { status: 200, headers: text, body: "nothing" };
  },
  "/empty": () => ({ status: 204, headers: { "x-kind": "empty" }, body: null }),
  "/not-modified": () => ({ status: 304, headers: { etag: '"1"' }, body: null }),
  "/none": () => ({ status: 200, headers: {}, body: null }),
  "/blank": () => ({ status: 200, headers: {}, body: "" }),
  "/unicode": () => ({ status: 200, headers: text, body: "h\u00e9llo \u{1f600} \u4e16" }),
  "/latin": () => ({ status: 200, headers: text, body: "\u00e4\u00f6\u00fc\u00ff" }),
  "/bytes": () => ({ status: 200, headers: text, body: Uint8Array.from([0, 1, 0x7f, 0x80, 0xff]) }),
  "/big-text"(request) {
    this.started.push(request.query);
    return { status: 200, headers: text, body: "0123456789".repeat(200_000) };
  },
  "/status-text": () => ({ status: 299, statusText: "Quite Fine", headers: text, body: "" }),
  "/unknown-status": () => ({ status: 299, headers: text, body: "" }),
  "/teapot": () => ({ status: 418, headers: text, body: "short and stout" }),
  "/headers": () => ({
    status: 200,
    headers: { "set-cookie": ["a=1; Path=/", "b=2"], vary: ["a", "b"], "x-one": "1" },
    headerLines: "x-ready: yes\r\nx-also: ready\r\n",
    body: "{}",
  }),
  "/bad-header": () => ({ status: 200, headers: { "x-bad": "a\r\nx-injected: 1" }, body: "" }),
  "/bad-name": () => ({ status: 200, headers: { "x bad": "a" }, body: "" }),
  "/own-date": () => ({ status: 200, headers: { date: "Thu, 01 Jan 1970 00:00:00 GMT" }, body: "x" }),
  "/own-close": () => ({ status: 200, headers: { connection: "close" }, body: "bye" }),
  "/throw"() {
    throw new Error("thrown on purpose by a test");
  },
  async "/reject"() {
    await sleep(1);
    throw new Error("rejected on purpose by a test");
  },
  "/stream": () => ({ status: 200, headers: text, body: Readable.from([Buffer.from("one "), Buffer.from("two")]) }),
  "/empty-stream": () => ({ status: 200, headers: text, body: Readable.from([]) }),
  "/strings": () => ({ status: 200, headers: text, body: Readable.from(["\u00e9", "x"], { objectMode: false }) }),
  "/known-stream": () => ({
    status: 200,
    headers: { ...text, "content-length": "7" },
    body: Readable.from([Buffer.from("one two")]),
  }),
  "/slow-stream": () => ({ status: 200, headers: text, body: Readable.from(slowly()) }),
  "/trailers": () => ({
    status: 200,
    headers: { ...text, trailer: "x-sum" },
    body: Readable.from([Buffer.from("abc")]),
    trailers: () => ({ "x-sum": "6" }),
  }),
  "/broken-stream": () => ({ status: 200, headers: text, body: Readable.from(breaking()) }),
  "/dead-stream"() {
    const body = new Readable({ read() {} });
    body.on("error", () => {});
    body.destroy(new Error("dead on purpose by a test"));
    return { status: 200, headers: text, body };
  },
  async "/ended-stream"() {
    const body = Readable.from([]);
    for await (const part of body) assert.fail(`${part}`);
    return { status: 200, headers: text, body };
  },
  "/empty-with-stream": () => ({ status: 204, headers: {}, body: Readable.from(["x"]) }),
  "/not-modified-with-text": () => ({ status: 304, headers: {}, body: "x" }),
  "/watched"() {
    this.watched = new Readable({ read() {} });
    this.watched.push("some");
    return { status: 200, headers: text, body: this.watched };
  },
  "/endless"(request) {
    request.onClientGone(() => this.gone.push("endless"));
    return { status: 200, headers: text, body: Readable.from(this.endless ?? endless(this)) };
  },
  async "/mirror"(request) {
    return { status: 200, headers: text, body: request.openBody() };
  },
  "/raw"(request) {
    this.started.push(request.query);
    const { request: message, response } = request.takeOver();
    response.setHeader("X-Raw", message.method);
    message.on("end", () => response.end(`raw ${message.url}`)).resume();
    return { status: 200, headers: {}, body: ANSWERED };
  },
};

/** Says everything that a handler can find out about its request. */
function echo(request, body) {
  const told = {
    method: request.method,
    path: request.path,
    query: request.query,
    headers: request.headers,
    bodySizeBytes: request.bodySizeBytes,
    hasBody: request.hasBody,
    body: body.toString("latin1"),
    trailers: request.trailers(),
    single: { list: request.header("x-list"), cookie: request.header("cookie"), missing: request.header("x-missing") },
  };
  return { status: 200, headers: { "content-type": "application/json" }, body: JSON.stringify(told) };
}

const whole = (request) => (request.hasBody ? request.readBody(BODY_LIMIT_BYTES) : Buffer.alloc(0));

async function* slowly() {
  for (const part of ["a", "b", "c"]) {
    await sleep(5);
    yield Buffer.from(part);
  }
}

async function* breaking() {
  yield Buffer.from("half of ");
  await sleep(5);
  throw new Error("broken on purpose by a test");
}

function* endless(world) {
  const chunk = Buffer.alloc(64 * 1024, "x");
  for (;;) {
    world.streamedBytes += chunk.length;
    yield chunk;
  }
}
