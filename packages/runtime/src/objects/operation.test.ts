// What users of a bucket are told when the call is over before the store is done, and of errors that are not the store's.
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { type CallContext, runInCall } from "../call/context.ts";
import { startSpan } from "../telemetry/recorder.ts";
import { ObjectNotFound, ObjectsError } from "./errors.ts";
import { chunksOf, guardSource } from "./object-data.ts";
import { Operation } from "./operation.ts";

function callWith(signal: AbortSignal, deadlineAt?: number): CallContext {
  const span = startSpan({ name: "test", kind: "server", service: "s", attributes: {} });
  return { span, service: "s", endpoint: "e", requestId: "r", deadlineAt, signal, caller: undefined };
}

const never = () => new Promise<never>(() => {});

describe("Operation", () => {
  it("ends with the call: by its deadline, or because the caller went away", async () => {
    for (const [deadlineAt, code] of [
      [Date.now() - 1, "objects_deadline_exceeded"],
      [undefined, "objects_canceled"],
    ] as const) {
      const stop = new AbortController();
      const running = runInCall(callWith(stop.signal, deadlineAt), () =>
        new Operation("b", "download", "o").runUntilOver(never),
      );
      stop.abort();
      await assert.rejects(running, { code });
    }
  });

  it("ends with the user's own signal, and with its reason", async () => {
    const own = new AbortController();
    const call = new AbortController();
    const running = runInCall(callWith(call.signal), () =>
      new Operation("b", "download", "o", own.signal).runUntilOver(never),
    );
    own.abort(new RangeError("mine"));
    await assert.rejects(running, { name: "RangeError", message: "mine" });
  });

  it("does not begin for a call that is over", async () => {
    const running = runInCall(callWith(AbortSignal.abort()), () =>
      new Operation("b", "attrs", "o").runUntilOver(async () => 1),
    );
    await assert.rejects(running, { code: "objects_canceled" });
  });

  it("takes an error of the store for what it is, and any other as a store that is away", async () => {
    const fail = (error: Error) => new Operation("b", "attrs", "o").run(() => Promise.reject(error));
    await assert.rejects(fail(new ObjectNotFound("b", "o")), ObjectNotFound);
    const full = Object.assign(new Error("no space left on device"), { code: "ENOSPC" });
    await assert.rejects(fail(full), (error) => {
      assert.ok(error instanceof ObjectsError);
      assert.deepEqual([error.code, error.status, error.cause], ["objects_unavailable", "unavailable", full]);
      return true;
    });
  });

  it("hands on an error of the data that was to be uploaded as it is", async () => {
    const mine = new RangeError("mine");
    const source = guardSource(
      chunksOf(
        (async function* () {
          yield "a";
          throw mine;
        })(),
        "b",
        "o",
      ),
      undefined,
    );
    const upload = new Operation("b", "upload", "o").run(async () => {
      for await (const _ of source);
    });
    await assert.rejects(upload, mine);
  });
});

it("a web stream is told when nobody wants the rest", async () => {
  let reason: unknown = "nothing";
  const stream = new ReadableStream<Uint8Array>({
    pull: (controller) => controller.enqueue(new Uint8Array(4)),
    cancel: (given) => {
      reason = given;
    },
  });
  for await (const _ of chunksOf(stream, "b", "o")) break;
  assert.equal(reason, undefined);
});
