// When a credential is fetched again: in the background while it holds for some minutes, and by whoever needs it once it is about to run out.
import assert from "node:assert/strict";
import { afterEach, beforeEach, describe, it } from "node:test";
import { useClock } from "../clock/clock.ts";
import { VirtualClock } from "../clock/virtual-clock.ts";
import { KeptCredential } from "./kept-credential.ts";

const MINUTE_MS = 60_000;

describe("a credential that is kept", () => {
  let time: VirtualClock;
  let restore: () => void;
  beforeEach(() => {
    time = new VirtualClock(1_000_000);
    restore = useClock(time);
  });
  afterEach(() => restore());

  it("is asked for every few seconds only, though who gives it out has no newer one yet", async () => {
    const expiresAtMs = time.now() + 4 * MINUTE_MS;
    let fetched = 0;
    const kept = new KeptCredential("the token of a test", async () => ({ value: ++fetched, expiresAtMs }));
    for (let i = 0; i < 5; i++) await kept.current();
    assert.equal(fetched, 1);
    await time.advance(10_000);
    for (let i = 0; i < 5; i++) await kept.current();
    assert.equal(fetched, 2);
  });

  it("is waited for anew once it is about to run out", async () => {
    const expiresAtMs = time.now() + MINUTE_MS;
    let fetched = 0;
    const kept = new KeptCredential("the token of a test", async () => ({ value: ++fetched, expiresAtMs }));
    assert.deepEqual([await kept.current(), await kept.current()], [1, 2]);
  });
});
