// Parts are the bytes of the source, whatever pieces those come in, and the memory of a part is used again.
import assert from "node:assert/strict";
import { it } from "node:test";
import { random } from "../seeded-random.test.support.ts";
import { PartBuffers } from "./part-buffers.ts";

it("cuts any sequence of chunks into full parts and a last one", async () => {
  const next = random(3);
  for (let round = 0; round < 200; round++) {
    const chunks = Array.from({ length: next(8) }, () =>
      Buffer.from(Array.from({ length: next(20) }, () => next(256))),
    );
    const partBytes = 1 + next(12);
    const buffers = new PartBuffers(asyncOf(chunks), partBytes);
    const parts: Buffer[] = [];
    for (let part = await buffers.next(); part.length > 0; part = await buffers.next()) parts.push(Buffer.from(part));
    assert.deepEqual(Buffer.concat(parts), Buffer.concat(chunks));
    assert.ok(parts.slice(0, -1).every(({ length }) => length === partBytes));
  }
});

it("uses a buffer again once it was given back", async () => {
  const buffers = new PartBuffers(asyncOf([Buffer.alloc(10, 1)]), 4);
  const first = await buffers.next();
  const second = await buffers.next();
  assert.notEqual(first.buffer, second.buffer);
  buffers.giveBack(first);
  const last = await buffers.next();
  assert.equal(last.buffer, first.buffer);
  assert.equal(last.length, 2);
});

it("tells the source when nobody wants the rest", async () => {
  let isClosed = false;
  async function* endless() {
    try {
      for (;;) yield Buffer.alloc(4);
    } finally {
      isClosed = true;
    }
  }
  const buffers = new PartBuffers(endless(), 4);
  await buffers.next();
  await buffers.close();
  assert.ok(isClosed);
});

async function* asyncOf(chunks: readonly Buffer[]): AsyncGenerator<Buffer> {
  yield* chunks;
}
