// The address of the client stands once in what an app sees, whatever the platform's front door has noted.
import assert from "node:assert/strict";
import { test } from "node:test";
import { seenClient } from "./client-address.ts";

test("the platform's own entry is taken off, and those before it stay", () => {
  assert.deepEqual(seenClient("192.0.2.7", "192.0.2.7"), { remoteAddress: "192.0.2.7", forwardedFor: undefined });
  assert.deepEqual(seenClient("10.0.0.1, 192.0.2.7", undefined), {
    remoteAddress: "192.0.2.7",
    forwardedFor: "10.0.0.1",
  });
  assert.deepEqual(seenClient("192.0.2.7:5678", undefined), { remoteAddress: "192.0.2.7", forwardedFor: undefined });
  assert.deepEqual(seenClient("[2001:db8::1]:443", undefined), {
    remoteAddress: "2001:db8::1",
    forwardedFor: undefined,
  });
});

test("a chain that ends in another address stays as it is", () => {
  assert.deepEqual(seenClient("10.0.0.1", "192.0.2.7"), { remoteAddress: "192.0.2.7", forwardedFor: "10.0.0.1" });
  assert.deepEqual(seenClient(undefined, "192.0.2.7"), { remoteAddress: "192.0.2.7", forwardedFor: undefined });
  assert.deepEqual(seenClient(undefined, undefined), { remoteAddress: "", forwardedFor: undefined });
});
