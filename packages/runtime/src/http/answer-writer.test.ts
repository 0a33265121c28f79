// The length that an answer announces is that of what follows, or a client would take the next answer for its body.
import assert from "node:assert/strict";
import { test } from "node:test";
import { openLane } from "./fast-lane.test.support.ts";

test("an answer without a body announces none, whatever its headers say; one to HEAD says what GET would", async () => {
  const lane = await openLane(() => ({ status: 200, headers: { "content-length": "5" }, body: null }));
  try {
    lane.client.write("GET / HTTP/1.1\r\nhost: a\r\n\r\nHEAD / HTTP/1.1\r\nhost: a\r\n\r\n");
    await lane.until(() => lane.received().split("\r\n\r\n").length === 3);
    const lengths = [...lane.received().matchAll(/^content-length: (\d+)/gm)].map((match) => match[1]);
    assert.deepEqual(lengths, ["0", "5"]);
  } finally {
    await lane.close();
  }
});
