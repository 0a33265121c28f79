// What a door promises whichever lane serves: the same answers with TLS and without, and a choice of lanes for each connection.
import assert from "node:assert/strict";
import { AsyncLocalStorage } from "node:async_hooks";
import { once } from "node:events";
import { connect as connectPlain, type Socket } from "node:net";
import { afterEach, describe, test } from "node:test";
import { connect as connectTls } from "node:tls";
import { cert, key } from "./certificate.test.support.ts";
import { connectionLimit } from "./connection-limit.ts";
import { NodeRequest } from "./node-request.ts";
import { type Listener, type ListenOptions, listen } from "./listen.ts";

const get = (path: string, ...fields: string[]) =>
  `GET ${path} HTTP/1.1\r\nhost: a\r\n${fields.map((field) => `${field}\r\n`).join("")}\r\n`;
const last = "connection: close";

let door: Listener;
afterEach(() => door.close({ timeoutMs: 0 }));

/** The lane that served, in the body; "/raw" is for the compat lane. */
const options: ListenOptions = {
  address: { host: "127.0.0.1", port: 0 },
  answer: (request) => ({ status: 200, headers: {}, body: request instanceof NodeRequest ? "<compat>" : "<fast>" }),
  answerUpgrade: () => ({ status: 400, headers: {}, body: "" }),
  laneOf: (request) => (request.path === "/raw" ? "compat" : "fast"),
};

async function bodiesOf(socket: Socket, text: string): Promise<string[]> {
  let received = "";
  socket.on("data", (part: Buffer) => {
    received += part.toString();
  });
  socket.write(text);
  // `once` would take a reset for a failure: how it ends is not what is asked here.
  await new Promise((resolve) => socket.once("close", resolve));
  return [...received.matchAll(/<(\w+)>/g)].map((match) => match[1]!);
}

const port = () => Number(new URL(door.address).port);

describe("a door", { timeout: 60_000 }, () => {
  test("takes a connection to the compat lane once it is needed there, and leaves it there", async () => {
    door = await listen(options);
    const text = get("/") + get("/") + get("/raw") + get("/") + get("/", last);
    const socket = connectPlain(port(), "127.0.0.1");
    assert.deepEqual(await bodiesOf(socket, text), ["fast", "fast", "compat", "compat", "compat"]);
  });

  test("speaks TLS in both lanes", async () => {
    door = await listen({ ...options, address: { host: "127.0.0.1", port: 0, tls: { cert, key } } });
    assert.match(door.address, /^https:/);
    const socket = connectTls({ port: port(), host: "127.0.0.1", ca: cert, servername: "localhost" });
    assert.deepEqual(await bodiesOf(socket, get("/") + get("/raw", last)), ["fast", "compat"]);
    // Bytes that are no TLS harm nobody else.
    await bodiesOf(connectPlain(port(), "127.0.0.1"), get("/"));
    const next = connectTls({ port: port(), host: "127.0.0.1", ca: cert, servername: "localhost" });
    assert.deepEqual(await bodiesOf(next, get("/", last)), ["fast"]);
  });

  test("can do without the fast lane", async () => {
    let isOn = false;
    door = await listen({ ...options, fastLane: () => isOn });
    assert.deepEqual(await bodiesOf(connectPlain(port(), "127.0.0.1"), get("/", last)), ["compat"]);
    isOn = true;
    assert.deepEqual(await bodiesOf(connectPlain(port(), "127.0.0.1"), get("/", last)), ["fast"]);
  });

  test("takes no more connections than it may", async () => {
    door = await listen({ ...options, maxConnections: 1 });
    const first = connectPlain(port(), "127.0.0.1");
    first.write(get("/"));
    await once(first, "data");
    assert.deepEqual(
      await bodiesOf(
        connectPlain(port(), "127.0.0.1").on("error", () => {}),
        get("/", last),
      ),
      [],
    );
    assert.deepEqual(await bodiesOf(first, get("/", last)), ["fast"]);
    assert.equal(connectionLimit("20"), 20);
    assert.equal(connectionLimit(undefined), undefined);
    for (const wrong of ["0", "-1", "1.5", "many"])
      assert.throws(() => connectionLimit(wrong), /TENON_MAX_CONNECTIONS/);
  });

  test("what one request enters in AsyncLocalStorage does not reach the next of its packet", async () => {
    const storage = new AsyncLocalStorage<string>();
    const seen: (string | undefined)[] = [];
    door = await listen({
      ...options,
      answer: (request) => {
        seen.push(storage.getStore());
        storage.enterWith(request.path);
        return { status: 200, headers: {}, body: "<done>" };
      },
    });
    await bodiesOf(connectPlain(port(), "127.0.0.1"), get("/1") + get("/2") + get("/3", last));
    assert.deepEqual(seen, [undefined, undefined, undefined]);
  });
});
