// Both ends of a stream within a process; the suite in conformance/ holds them to what happens over a socket.
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import type { Codec, Endpoint, EndpointKind, Issue } from "@tenon/model";
import { APIError } from "../call/api-error.ts";
import { HostedEndpoint } from "../call/hosted-endpoint.ts";
import { createMemoryPorts } from "./memory-ports.ts";
import { createServedStream, type IterableSocket } from "./served-stream.ts";

const copy = (value: unknown, issues: Issue[]) => {
  if (typeof value === "object" && value !== null && "text" in value) return { text: value.text };
  issues.push({ path: "text", code: "required", message: "is required" });
  return undefined;
};
const codec: Codec = { decode: copy, encode: copy, copy };

function open(kind: EndpointKind = "stream-in-out") {
  const endpoint: Endpoint = {
    name: "talk",
    kind,
    methods: ["GET"],
    path: { pattern: "/talk", segments: [] },
    expose: true,
    auth: false,
    sensitive: false,
    tags: [],
    bodyLimitBytes: null,
    fields: [],
    location: { file: "chat.ts", line: 1, column: 1 },
  };
  const codecs = { request: null, response: kind === "stream-in" ? codec : null, incoming: codec, outgoing: codec };
  const hosted = new HostedEndpoint("chat", endpoint, codecs, () => {});
  return { ...createMemoryPorts(hosted), hosted };
}

describe("a stream within a process", () => {
  it("hands over checked copies", async () => {
    const { serving, calling } = open();
    const message = { text: "a", secret: "b" };
    await calling.send(message);
    const taken = await serving.inbox.take();
    assert.deepEqual(taken, { done: false, message: { text: "a" } });
    await assert.rejects(calling.send({}), { code: "invalid_argument" });
    await assert.rejects(serving.send({}), { name: "ContractError" });
    assert.equal(calling.sent, 1);
    await calling.close();
  });

  it("makes a sender wait for a reader that is behind, and lets it go on", async () => {
    const { serving, calling } = open();
    let sent = 0;
    const sending = (async () => {
      for (let n = 0; n < 40; n++, sent++) await calling.send({ text: String(n) });
    })();
    await new Promise((resolve) => setImmediate(resolve));
    assert.equal(sent, 15);
    for (let n = 0; n < 40; n++)
      assert.deepEqual(await serving.inbox.take(), { done: false, message: { text: String(n) } });
    await sending;
    assert.equal(sent, 40);
    await calling.close();
  });

  it("lets a sender that waits go when the stream ends", async () => {
    const { serving, calling } = open();
    for (let n = 0; n < 15; n++) await calling.send({ text: "" });
    const last = calling.send({ text: "" });
    serving.fail(APIError.notFound("no such room"));
    await assert.rejects(last, { code: "not_found" });
  });

  it("gives up a reader that is too far behind when nobody waits for it", async () => {
    const { serving, calling } = open();
    for (let n = 0; n < 100_000; n++) calling.send({ text: "" });
    await assert.rejects(calling.send({ text: "" }), { code: "resource_exhausted" });
    serving.onOver((reason) => assert.equal(reason?.code, "resource_exhausted"));
  });

  it("gives an error without what stays inside", async () => {
    const { serving, calling } = open();
    serving.fail(new APIError("aborted", "lost a race", new Error("secret"), { at: new Date(0) }));
    const reason = await calling.inbox.take().catch((error: unknown) => error as APIError);
    assert.ok(reason instanceof APIError);
    assert.equal(reason.cause, undefined);
    assert.deepEqual(reason.details, { at: "1970-01-01T00:00:00.000Z" });
  });

  it("answers behind the caller's last message", async () => {
    const { serving, calling } = open("stream-in");
    await calling.send({ text: "a" });
    calling.end();
    await serving.inbox.take();
    assert.deepEqual(await serving.inbox.take(), { done: true });
    await serving.respond({ text: "all of it" });
    assert.deepEqual(await calling.response, { text: "all of it" });
    await assert.rejects(calling.send({ text: "late" }), { code: "out_of_range" });
    await assert.rejects(serving.send({ text: "late" }), { code: "failed_precondition" });
  });

  it("is over for the handler when the caller does not want it any more", async () => {
    const { serving, calling, hosted } = open();
    const stream = createServedStream("stream-in-out", serving, hosted.name) as IterableSocket;
    const { signal } = stream;
    calling.cancel(APIError.canceled("no longer wanted"));
    assert.equal((signal.reason as APIError).code, "canceled");
    await assert.rejects(stream.recv(), { code: "canceled" });
  });

  it("is closed when the program has forgotten it, and not before", async () => {
    setFlagsFromString("--expose-gc");
    const collect = runInNewContext("gc") as () => void;
    const { serving, calling, hosted } = open();
    const held = new Set([createServedStream("stream-in-out", serving, hosted.name)]);
    let isOver = false;
    calling.onOver(() => {
      isOver = true;
    });
    const collectOnce = async () => {
      await new Promise((resolve) => setTimeout(resolve, 5));
      collect();
    };
    for (let round = 0; round < 3; round++) await collectOnce();
    assert.equal(isOver, false);
    held.clear();
    for (let round = 0; round < 2_000 && !isOver; round++) await collectOnce();
    assert.equal(isOver, true);
  });
});
