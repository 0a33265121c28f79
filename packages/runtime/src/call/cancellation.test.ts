import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { APIError } from "./api-error.ts";
import { Cancellation } from "./cancellation.ts";

const reason = APIError.canceled("gone");

describe("Cancellation", () => {
  it("open -> canceled: tells listeners, children and the signal once, with the first reason", () => {
    const cancellation = new Cancellation(undefined);
    const child = new Cancellation(cancellation);
    const told: APIError[] = [];
    cancellation.add({ cancel: (why) => told.push(why) });
    const { signal } = cancellation;
    assert.equal(signal.aborted, false);
    cancellation.cancel(reason);
    cancellation.cancel(APIError.deadlineExceeded("later"));
    assert.deepEqual(told, [reason]);
    assert.equal(signal.reason, reason);
    assert.equal(child.reason, reason);
    assert.equal(child.signal.reason, reason);
    assert.equal(new Cancellation(cancellation).reason, reason);
  });

  it("tells a listener that comes late at once, and one that has left not at all", () => {
    const cancellation = new Cancellation(undefined);
    const left = { cancel: () => assert.fail("it had left") };
    cancellation.add(left);
    cancellation.remove(left);
    cancellation.cancel(reason);
    let told: APIError | undefined;
    cancellation.add({ cancel: (why) => (told = why) });
    assert.equal(told, reason);
  });

  it("open -> released: neither parent, deadline nor followed signal reach it", async () => {
    const parent = new Cancellation(undefined);
    const child = new Cancellation(parent);
    const controller = new AbortController();
    child.cancelAt(Date.now() + 5, () => reason);
    child.follow(controller.signal, () => reason);
    child.release();
    parent.cancel(reason);
    controller.abort();
    await new Promise((resolve) => setTimeout(resolve, 30));
    assert.equal(child.reason, undefined);
  });

  it("is canceled at its deadline, also one that has passed or that is further off than a timer reaches", async () => {
    const passed = new Cancellation(undefined);
    passed.cancelAt(Date.now() - 1, () => reason);
    assert.equal(passed.reason, reason);
    const soon = new Cancellation(undefined);
    soon.cancelAt(Date.now() + 5, () => reason);
    await new Promise((resolve) => soon.add({ cancel: resolve }));
    const never = new Cancellation(undefined);
    never.cancelAt(Number.POSITIVE_INFINITY, () => reason);
    await new Promise((resolve) => setTimeout(resolve, 20));
    assert.equal(never.reason, undefined);
    never.release();
  });

  it("follows a signal that has aborted already", () => {
    const cancellation = new Cancellation(undefined);
    cancellation.follow(AbortSignal.abort(), () => reason);
    assert.equal(cancellation.reason, reason);
  });
});
