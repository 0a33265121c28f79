// Calls of one tick share connections once an endpoint has shown to be quick: through a real door, with both sides in this process.
import assert from "node:assert/strict";
import { rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, it } from "node:test";
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

describe("calls of one tick", () => {
  const socketPath = join(tmpdir(), `tenon-shared-${process.pid}.sock`);
  const work = clientMethod("users", "get") as (request: Work, options?: unknown) => Promise<Work>;
  let topology: Topology;
  let door: Listener | undefined;
  /** Of the calls that came: whether they were marked as sharing a connection. */
  let marks: boolean[] = [];
  let canceled: number[] = [];

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
    if (takesMs === -1) {
      const { signal } = currentCall()!;
      await new Promise((resolve) => signal.addEventListener("abort", resolve, { once: true }));
      canceled.push(id);
    } else if (takesMs > 0) await new Promise((resolve) => setTimeout(resolve, takesMs));
    return { id, takesMs };
  }

  /** More quick calls than it takes to be trusted, whatever the machine does meanwhile. */
  async function becomeQuick(): Promise<void> {
    for (let tries = 0; tries < 50; tries++) {
      for (let id = 0; id < 80; id++) await work({ id, takesMs: 0 });
      marks = [];
      await Promise.all([work({ id: 1, takesMs: 0 }), work({ id: 2, takesMs: 0 })]);
      if (marks.every((isShared) => isShared)) return;
    }
    assert.fail("the endpoint never came to be called in a shared way");
  }

  beforeEach(() => {
    marks = [];
    canceled = [];
  });
  afterEach(async () => {
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
    await work({ id: 1, takesMs: 30 });
    marks = [];
    await Promise.all(Array.from({ length: 16 }, (_, id) => work({ id, takesMs: 0 })));
    assert.ok(marks.every((isShared) => !isShared));
  });

  it("each get their own answer, 1,000 at a time and in whatever order they end", async () => {
    await open(true);
    // A machine with much to do may make the endpoint seem slow at any moment.
    for (let tries = 0; tries < 50 && !(marks.length === 1_000 && marks.every((isShared) => isShared)); tries++) {
      await becomeQuick();
      marks = [];
      const answers = await Promise.all(
        Array.from({ length: 1_000 }, (_, id) => work({ id, takesMs: id % 7 === 0 ? 3 : 0 })),
      );
      assert.deepEqual(
        answers.map(({ id }) => id),
        answers.map((_, index) => index),
      );
    }
    assert.ok(marks.every((isShared) => isShared));
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
    setTimeout(() => controller.abort(), 20);
    const settled = await outcomes;
    assert.deepEqual(
      settled.map((one) => (one.status === "fulfilled" ? one.value.id : (one.reason as { code: string }).code)),
      [0, 1, 2, "canceled", 4, 5, 6, 7],
    );
    assert.deepEqual(canceled, [3]);
  });

  it("have a deadline each, which the callee keeps as well", async () => {
    await open(true);
    await becomeQuick();
    const late = work({ id: 1, takesMs: -1 }, { timeoutMs: 40 });
    const behind = work({ id: 2, takesMs: 0 });
    await assert.rejects(late, { code: "deadline_exceeded" });
    assert.equal((await behind).id, 2);
    assert.deepEqual(canceled, [1]);
  });

  it("are all answered by a door that closes meanwhile", async () => {
    await open(true);
    await becomeQuick();
    const calls = Array.from({ length: 8 }, (_, id) => work({ id, takesMs: 30 + id }));
    await new Promise((resolve) => setTimeout(resolve, 10));
    const closing = door!.close({ timeoutMs: 2_000 });
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
