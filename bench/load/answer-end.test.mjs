// The load generator's reading of answers, byte by byte: it must see the end at the last byte and not before.
import assert from "node:assert/strict";
import { test } from "node:test";
import { answerEnd } from "./answer-end.mjs";

const answers = {
  "a length": [200, 'HTTP/1.1 200 OK\r\nContent-Length: 14\r\nx: y\r\n\r\n{"a":"\r\n\r\n"}  '],
  "no body": [404, "HTTP/1.1 404 Not Found\r\ncontent-length: 0\r\n\r\n"],
  chunks: [201, "HTTP/1.1 201 Created\r\ntransfer-encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n"],
  "no chunks": [200, "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"],
};

for (const [what, [status, text]] of Object.entries(answers)) {
  test(`the end of an answer with ${what}`, () => {
    const bytes = Buffer.from(text);
    for (let length = 0; length < bytes.length; length++) {
      assert.equal(answerEnd(bytes.subarray(0, length)), undefined, `after ${length} bytes`);
    }
    assert.deepEqual(answerEnd(bytes), { status });
  });
}

test("an answer that only the end of the connection ends is refused", () => {
  assert.throws(() => answerEnd(Buffer.from("HTTP/1.1 200 OK\r\n\r\n")), /without an end/);
});
