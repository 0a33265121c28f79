import assert from "node:assert/strict";
import { test } from "node:test";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import type { APIError } from "../call/api-error.ts";
import { ClientStream } from "./client-stream.ts";
import { Inbox } from "./inbox.ts";
import type { CallingPort } from "./stream-port.ts";

setFlagsFromString("--expose-gc");
const collectGarbage = runInNewContext("gc") as () => void;

class QuietPort implements CallingPort {
  readonly inbox = new Inbox();
  readonly sent = 0;
  readonly response = Promise.resolve(undefined);
  closed = 0;

  async send(): Promise<void> {}
  async close(): Promise<void> {
    this.closed++;
  }
  onOver(_callback: (reason: APIError | undefined) => void): void {}
  end(): void {}
  cancel(): void {}
}

async function collect(): Promise<void> {
  for (let i = 0; i < 5; i++) {
    collectGarbage();
    await new Promise((resolve) => setImmediate(resolve));
  }
}

test("a stream of which only the iterator is left is not hung up", async () => {
  const port = new QuietPort();
  const seen: unknown[] = [];
  const reading = (async () => {
    for await (const message of new ClientStream(port, "chat.ticks", "stream-out")) seen.push(message);
  })();
  for (let n = 0; n < 3; n++) {
    await collect();
    port.inbox.push(n);
  }
  await collect();
  assert.equal(port.closed, 0);
  port.inbox.end(undefined);
  await reading;
  assert.deepEqual(seen, [0, 1, 2]);
});

test("a stream of which nothing is left is hung up", async () => {
  const port = new QuietPort();
  (() => new ClientStream(port, "chat.ticks", "stream-out"))();
  for (let i = 0; i < 20 && port.closed === 0; i++) await collect();
  assert.equal(port.closed, 1);
});
