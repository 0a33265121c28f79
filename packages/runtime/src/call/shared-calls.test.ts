// Calls of one tick share connections once an endpoint has shown to be quick: through a real door, with both sides in this process.
import assert from "node:assert/strict";
import { rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, it, mock } from "node:test";
import type { Endpoint, EndpointCodec } from "@tenon/model";
import { AuthBook } from "../auth/auth-book.ts";
import { testGraph } from "../lifecycle/testing-build.test.support.ts";
import { CALL_HEADERS } from "./call-headers.ts";
import { CallPaths } from "./call-path.ts";
import { clientMethod } from "./client-method.ts";
import { currentCall } from "./context.ts";
import type { IncomingRequest } from "./exchange.ts";
import { HostedEndpoint } from "./hosted-endpoint.ts";
import { type Listener, listen } from "./listen.ts";
import { RunningCalls } from "./running-calls.ts";
import { serveCall } from "./serve-call.ts";
import { installTopology, removeTopology, Topology } from "./topology.ts";

interface Work {
  readonly id: number;
  /** -1: until it is canceled. */
  readonly takesMs: number;
}

const plain = { decode: (value: unknown) => value, encode: (value: unknown) => value, copy: (value: unknown) => value };
const codec: EndpointCodec = { request: { ...plain, decodeHttp: () => undefined }, response: plain };

/** Far above what is still quick. */
const slowMs = 30;

describe("calls of one tick", () => {
  const socketPath = join(tmpdir(), `tenon-shared-${process.pid}.sock`);
  const work = clientMethod("users", "get") as (request: Work, options?: unknown) => Promise<Work>;
  let topology: Topology;
  let door: Listener | undefined;
  /** Of the calls that came: whether they were marked as sharing a connection. */
  let marks: boolean[] = [];
  let canceled: number[] = [];
  let begun: number[] = [];
  /** What the calls take their time by: a machine with much to do makes no endpoint slow. */
  let nowMs = 0;

  async function open(fastLane: boolean): Promise<void> {
    const graph = testGraph();
    const endpoint = graph.services[1]!.endpoints.find(({ name }) => name === "get") as Endpoint;
    const hosted = new HostedEndpoint("users", endpoint, codec, handle as never);
    const calls = new CallPaths(new Map([["users.get", hosted]]));
    const auth = new AuthBook(graph);
    const running = new RunningCalls();
    const answer = (request: IncomingRequest) => {
      if (request.header(CALL_HEADERS.cancel) === undefined) marks.push(request.header(CALL_HEADERS.shared) === "1");
      return serveCall(calls, auth, running, request);
    };
    door = await listen({
      address: { socketPath },
      answer,
      answerUpgrade: () => assert.fail("no upgrade"),
      fastLane: () => fastLane,
    });
    const remotes = { users: door.address };
    const codecs = new Map([["users.get", codec]]);
    topology = new Topology({ graph, hosted: new Map(), codecs, credential: "c", remotes });
    installTopology(topology);
  }

  async function handle({ id, takesMs }: Work): Promise<Work> {
    begun.push(id);
    nowMs += takesMs === slowMs ? slowMs : 0;
    if (takesMs === -1) {
      const { signal } = currentCall()!;
      await new Promise((resolve) => signal.addEventListener("abort", resolve, { once: true }));
      canceled.push(id);
    } else if (takesMs > 0) await new Promise((resolve) => setTimeout(resolve, takesMs));
    return { id, takesMs };
  }

  /** More quick calls than it takes to be trusted. */
  async function becomeQuick(): Promise<void> {
    for (let id = 0; id < 80; id++) await work({ id, takesMs: 0 });
    marks = [];
    await Promise.all([work({ id: 1, takesMs: 0 }), work({ id: 2, takesMs: 0 })]);
    assert.deepEqual(marks, [true, true]);
    marks = [];
    begun = [];
  }

  async function until(what: string, isTrue: () => boolean): Promise<void> {
    for (let look = 0; look < 3_000; look++) {
      if (isTrue()) return;
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
    assert.fail(`never: ${what}`);
  }

  beforeEach(() => {
    marks = [];
    canceled = [];
    begun = [];
    mock.method(performance, "now", () => nowMs);
  });
  afterEach(async () => {
    mock.restoreAll();
    topology.remoteBook.close();
    removeTopology(topology);
    await door?.close({ timeoutMs: 1_000 });
    rmSync(socketPath, { force: true });
  });

  it("do not share with an endpoint that is not known to be quick, nor once it has been slow", async () => {
    await open(true);
    await Promise.all(Array.from({ length: 16 }, (_, id) => work({ id, takesMs: 0 })));
    assert.ok(marks.every((isShared) => !isShared));
    await becomeQuick();
    await work({ id: 1, takesMs: slowMs });
    marks = [];
    await Promise.all(Array.from({ length: 16 }, (_, id) => work({ id, takesMs: 0 })));
    assert.ok(marks.every((isShared) => !isShared));
  });

  it("each get their own answer, 1,000 at a time and in whatever order they end", async () => {
    await open(true);
    await becomeQuick();
    const answers = await Promise.all(
      Array.from({ length: 1_000 }, (_, id) => work({ id, takesMs: id % 7 === 0 ? 3 : 0 })),
    );
    assert.deepEqual(
      answers.map(({ id }) => id),
      answers.map((_, index) => index),
    );
    assert.ok(marks.length === 1_000 && marks.every((isShared) => isShared));
  });

  it("can be canceled one by one: the callee is told, the others are answered", async () => {
    await open(true);
    await becomeQuick();
    const controller = new AbortController();
    const outcomes = Promise.allSettled(
      Array.from({ length: 8 }, (_, id) =>
        id === 3 ? work({ id, takesMs: -1 }, { signal: controller.signal }) : work({ id, takesMs: 0 }),
      ),
    );
    await until("the call to be under way", () => begun.includes(3));
    controller.abort();
    const settled = await outcomes;
    assert.deepEqual(
      settled.map((one) => (one.status === "fulfilled" ? one.value.id : (one.reason as { code: string }).code)),
      [0, 1, 2, "canceled", 4, 5, 6, 7],
    );
    await until("the callee to be told", () => canceled.length > 0);
    assert.deepEqual(canceled, [3]);
  });

  it("have a deadline each, which the callee keeps as well", async () => {
    await open(true);
    await becomeQuick();
    const late = work({ id: 1, takesMs: -1 }, { timeoutMs: 300 });
    const behind = work({ id: 2, takesMs: 0 });
    await assert.rejects(late, { code: "deadline_exceeded" });
    assert.equal((await behind).id, 2);
    await until("the callee to give up", () => canceled.length > 0);
    assert.deepEqual(canceled, [1]);
  });

  it("are all answered by a door that closes meanwhile", async () => {
    await open(true);
    await becomeQuick();
    const calls = Array.from({ length: 8 }, (_, id) => work({ id, takesMs: 100 + id }));
    await until("all to be under way", () => begun.length === 8);
    const closing = door!.close({ timeoutMs: 10_000 });
    assert.deepEqual(
      (await Promise.all(calls)).map(({ id }) => id),
      [0, 1, 2, 3, 4, 5, 6, 7],
    );
    await closing;
  });

  it("share nothing where node:http answers, which closes behind the first answer when it is closing", async () => {
    await open(false);
    for (let id = 0; id < 200; id++) await work({ id, takesMs: 0 });
    marks = [];
    await Promise.all(Array.from({ length: 16 }, (_, id) => work({ id, takesMs: 0 })));
    assert.ok(marks.length === 16 && marks.every((isShared) => !isShared));
  });
});
