// Frames come out as they were sent, however the bytes are cut; what is no frame is said to be none.
import assert from "node:assert/strict";
import { test } from "node:test";
import { type Frame, FrameReader } from "./frame-reader.ts";

function frame(type: number, data: Buffer): Buffer {
  const head = Buffer.alloc(8);
  head.writeUInt32BE(data.length + 4, 0);
  head.writeInt32BE(type, 4);
  return Buffer.concat([head, data]);
}

function messageFrame(id: string, attempts: number, publishedAt: number, body: Buffer): Buffer {
  const head = Buffer.alloc(10);
  head.writeBigInt64BE(BigInt(publishedAt) * 1_000_000n + 7n, 0);
  head.writeUInt16BE(attempts, 8);
  return frame(2, Buffer.concat([head, Buffer.from(id, "latin1"), body]));
}

/** The same numbers for the same seed: mulberry32. */
function randomFrom(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) % below;
  };
}

function bytesFrom(random: (below: number) => number, count: number): Buffer {
  return Buffer.from(Array.from({ length: count }, () => random(256)));
}

interface Sent {
  readonly bytes: Buffer;
  readonly expected: Frame;
}

function anyFrame(random: (below: number) => number): Sent {
  const kind = random(3);
  if (kind === 2) {
    const id = Array.from({ length: 16 }, () => "0123456789abcdef"[random(16)]).join("");
    const body = bytesFrom(random, random(300));
    const [attempts, publishedAt] = [random(65_536), 1_600_000_000_000 + random(1_000_000_000)];
    return {
      bytes: messageFrame(id, attempts, publishedAt, body),
      expected: { kind: "message", message: { id, attempts, publishedAt, body } },
    };
  }
  const text = "O".repeat(random(40));
  return { bytes: frame(kind, Buffer.from(text)), expected: { kind: kind === 0 ? "response" : "error", text } };
}

test("frames come out whole and in order, however their bytes are cut", () => {
  for (let seed = 1; seed <= 300; seed++) {
    const random = randomFrom(seed);
    const sent = Array.from({ length: 1 + random(8) }, () => anyFrame(random));
    const bytes = Buffer.concat(sent.map((one) => one.bytes));
    const reader = new FrameReader();
    const read: Frame[] = [];
    for (let from = 0; from < bytes.length; ) {
      const to = Math.min(bytes.length, from + 1 + random(random(4) === 0 ? 2_000 : 9));
      read.push(...reader.push(bytes.subarray(from, to)));
      from = to;
    }
    assert.deepEqual(
      read,
      sent.map(({ expected }) => expected),
      `seed ${seed}`,
    );
  }
});

test("any bytes are frames or refused, and nothing else", () => {
  let refused = 0;
  for (let seed = 1; seed <= 500; seed++) {
    const random = randomFrom(seed);
    const reader = new FrameReader();
    try {
      for (let piece = 0; piece < 5; piece++) reader.push(bytesFrom(random, random(64)));
    } catch (error) {
      assert.match((error as Error).message, /^what is sent is no (frame|message) of NSQ: /);
      refused++;
    }
  }
  assert.ok(refused > 0);
});

test("a server that is none is told by its first bytes", () => {
  assert.throws(() => new FrameReader().push(Buffer.from("HTTP/1.1 400 Bad Request\r\n\r\n")), /announces 1213486160/);
  assert.throws(() => new FrameReader().push(frame(9, Buffer.from("x"))), /its type is 9/);
  assert.throws(() => new FrameReader().push(frame(2, Buffer.alloc(25))), /has 25 bytes/);
});
