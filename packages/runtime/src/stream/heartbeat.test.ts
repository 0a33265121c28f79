// Who is given up: an end that does not answer, and not one whose answer this process was too busy to read.
import assert from "node:assert/strict";
import { EventEmitter } from "node:events";
import { describe, it, type TestContext } from "node:test";
import { setImmediate as turn } from "node:timers/promises";
import { keepAlive, type WatchedSocket } from "./heartbeat.ts";

const intervalMs = 1_000;

class FakeSocket extends EventEmitter {
  readonly OPEN = 1;
  readyState = 1;
  isPaused = false;
  pings = 0;
  isTerminated = false;

  ping(): void {
    this.pings++;
  }

  terminate(): void {
    this.isTerminated = true;
    this.emit("close");
  }
}

function watched(t: TestContext): { socket: FakeSocket; interval: () => void } {
  t.mock.timers.enable({ apis: ["setInterval"] });
  const socket = new FakeSocket();
  keepAlive(socket as unknown as WatchedSocket, intervalMs);
  return { socket, interval: () => t.mock.timers.tick(intervalMs) };
}

describe("the heartbeat of a WebSocket", () => {
  it("gives up an end that has not answered for an interval, and asks no more", async (t) => {
    const { socket, interval } = watched(t);
    interval();
    await turn();
    assert.deepEqual([socket.pings, socket.isTerminated], [1, false]);
    interval();
    await turn();
    assert.deepEqual([socket.pings, socket.isTerminated], [1, true]);
    interval();
    await turn();
    assert.equal(socket.pings, 1);
  });

  it("keeps one that answers, also when the answer is only read behind the timer", async (t) => {
    const { socket, interval } = watched(t);
    for (let round = 1; round <= 3; round++) {
      interval();
      // As it is after the process stood still: the time is over, and then what came meanwhile is read.
      socket.emit("pong");
      await turn();
      assert.deepEqual([socket.pings, socket.isTerminated], [round, false]);
    }
  });

  it("keeps one that nobody reads from", async (t) => {
    const { socket, interval } = watched(t);
    socket.isPaused = true;
    for (let round = 1; round <= 3; round++) {
      interval();
      await turn();
      assert.deepEqual([socket.pings, socket.isTerminated], [round, false]);
    }
  });
});
