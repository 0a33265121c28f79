// Descriptors by their names, for the process that they were meant for alone.
import assert from "node:assert/strict";
import { test } from "node:test";
import { inheritedSockets } from "./inherited-sockets.ts";

const given = { LISTEN_PID: "20", LISTEN_FDS: "2", LISTEN_FDNAMES: "public:redirect" };

test("sockets are known by their names, from descriptor 3 on", () => {
  assert.deepEqual(
    [...inheritedSockets(given, 20)],
    [
      ["public", 3],
      ["redirect", 4],
    ],
  );
});

test("those of another process are nobody's here", () => {
  assert.equal(inheritedSockets(given, 10).size, 0);
});

test("without any there are none", () => {
  assert.equal(inheritedSockets({}, 20).size, 0);
  assert.equal(inheritedSockets({ LISTEN_PID: "20" }, 20).size, 0);
});
