// A call means the same in every topology: one test body, run with both services in one process and with a process for each.
import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import {
  CREDENTIAL,
  startWorker,
  type TestBuild,
  type TestWorker,
  testConfig,
  writeTestBuild,
} from "../lifecycle/testing-build.test.support.ts";

interface Outcome {
  readonly value?: Record<string, unknown>;
  readonly code?: string;
  readonly message?: string;
  readonly details?: unknown;
  readonly [name: string]: unknown;
}

/** Of a call that hangs: long enough for it to arrive, also on a machine with much to do. */
const patienceMs = 500;

function internalOf(worker: TestWorker): string {
  assert.equal(worker.answer.type, "ready", JSON.stringify(worker.answer));
  return (worker.answer as { internal: string }).internal;
}

async function startSingle(build: TestBuild): Promise<TestWorker[]> {
  return [await startWorker(testConfig(build.dir, {}))];
}

async function startPerService(build: TestBuild): Promise<TestWorker[]> {
  const socketPath = `${build.dir}/users.sock`;
  const users = await startWorker(testConfig(build.dir, { services: ["users"], internal: { socketPath } }));
  const orders = await startWorker(
    testConfig(build.dir, { services: ["orders"], secrets: {}, remotes: { users: internalOf(users) } }),
  );
  return [orders, users];
}

for (const [topology, start] of [
  ["in one process", startSingle],
  ["a process each", startPerService],
] as const) {
  describe(`typed calls, ${topology}`, () => {
    let build: TestBuild;
    let workers: TestWorker[] = [];
    let base = "";

    before(async () => {
      build = writeTestBuild();
      workers = await start(build);
      base = internalOf(workers[0]!);
    });
    after(async () => {
      const codes = await Promise.all(workers.map((worker) => worker.stop()));
      build.remove();
      assert.deepEqual(
        codes,
        workers.map(() => 0),
      );
    });

    async function ask(endpoint: string, request: unknown, headers: Record<string, string> = {}): Promise<Outcome> {
      const response = await fetch(`${base}/__tenon/call/orders/${endpoint}`, {
        method: "POST",
        headers: { "x-tenon-credential": CREDENTIAL, "content-type": "application/json", ...headers },
        body: JSON.stringify(request),
      });
      const body = (await response.json()) as { outcome: Outcome };
      assert.equal(response.status, 200, JSON.stringify(body));
      return body.outcome;
    }
    const relay = (call: string, request?: unknown, options?: unknown) => ask("relay", { call, request, options });

    it("gives a projected copy of the result, and the callee knows who called", async () => {
      const outcome = await relay("get", { id: "u1", extra: 1 });
      const seen = outcome.value?.["seen"] as Record<string, unknown>;
      assert.deepEqual(Object.keys(outcome.value!).sort(), ["id", "seen"]);
      assert.deepEqual(
        { ...seen, requestId: "" },
        {
          id: "u1",
          service: "users",
          endpoint: "get",
          caller: "orders",
          requestId: "",
          hasDeadline: true,
          key: "k",
        },
      );
    });

    it("carries dates, bigints and unicode, and shares no object with the callee", async () => {
      const request = {
        text: "žluťoučký 🐎\u2028",
        at: { $date: "2026-02-03T04:05:06.789Z" },
        big: { $big: "-123456789012345678901234567890" },
        details: { a: [1, "x", null] },
      };
      const outcome = await relay("echo", request);
      assert.deepEqual(outcome.value, {
        text: request.text,
        at: "Date 2026-02-03T04:05:06.789Z",
        big: "bigint -123456789012345678901234567890",
        // The callee changed its own copy of `details` before the answer was copied, not the caller's.
        details: { a: [1, "x", null], touched: true },
      });
      assert.equal(outcome["sameObject"], false);
      assert.equal(outcome["requestUntouched"], true);
    });

    it("carries 1 MiB", async () => {
      const outcome = await relay("echo", {
        text: { $repeat: 1024 * 1024 },
        at: { $date: "2026-01-01T00:00:00Z" },
        big: { $big: "1" },
      });
      assert.equal(outcome.value?.["text"], `string ${1024 * 1024}`);
    });

    it("makes 200 calls at once, all within the same request", async () => {
      assert.deepEqual(await ask("concurrent", { count: 200 }), { answers: 200, wrong: 0, requestIds: 1, own: true });
    });

    it("answers undefined where nothing is declared", async () => {
      assert.deepEqual((await relay("nothing")).value, { type: "undefined" });
    });

    it("refuses a wrong request with all issues", async () => {
      const outcome = await relay("echo", { text: 5, big: { $big: "1" } });
      assert.equal(outcome.code, "invalid_argument");
      assert.deepEqual(outcome.details, {
        issues: [
          { path: "text", code: "invalid_type", message: "must be a string, got a number" },
          { path: "at", code: "required", message: "is required" },
        ],
      });
      assert.match(outcome.message!, /the request to users\.echo is not valid: 2 problems/);
    });

    it("hands an APIError to the caller with code, message and details as JSON gives them, without its cause", async () => {
      const known = { isAPIError: true, hasCause: false, hasUserStack: false };
      assert.deepEqual(await relay("fail", { how: "not_found" }), {
        ...known,
        code: "not_found",
        message: "no such user",
        details: { id: "u1", at: "1970-01-01T00:00:00.000Z", big: "12", list: [1, null] },
      });
      assert.deepEqual(await relay("fail", { how: "cause" }), {
        ...known,
        code: "failed_precondition",
        message: "out of stock",
        details: null,
      });
      assert.deepEqual(await relay("fail", { how: "cycle" }), {
        ...known,
        code: "aborted",
        message: "cyclic",
        details: null,
      });
    });

    it("tells the caller nothing about an unexpected error, and logs it once where it happened", async () => {
      const internal = {
        isAPIError: true,
        hasCause: false,
        hasUserStack: false,
        code: "internal",
        message: "an internal error occurred",
        details: null,
      };
      for (const how of ["unknown", "text", "contract"]) assert.deepEqual(await relay("fail", { how }), internal, how);
      const users = workers.at(-1)!;
      const logged = () =>
        users
          .output()
          .split("\n")
          .filter((line) => line.includes("users.fail failed with an unexpected error") && line.endsWith("}"));
      // They come by another way than the answers.
      await until(async () => logged().length >= 3);
      const lines = logged();
      assert.equal(lines.length, 3, users.output());
      assert.match(lines[0]!, /secret reason/);
      assert.match(lines[0]!, /"trace_id":"[0-9a-f]{32}"/);
      assert.match(lines[2]!, /text must be a string, got a number/);
    });

    it("gives up at the deadline on a callee that hangs, and stops it", async () => {
      const before = await hangState();
      const outcome = await relay("hang", undefined, { timeoutMs: patienceMs });
      assert.equal(outcome.code, "deadline_exceeded");
      assert.equal(outcome.message, "users.hang did not answer before its deadline");
      await until(async () => (await hangState()).stopped > before.stopped);
    });

    it("hands an inherited deadline on", async () => {
      const before = await hangState();
      const response = await fetch(`${base}/__tenon/call/orders/relay`, {
        method: "POST",
        headers: { "x-tenon-credential": CREDENTIAL, "x-tenon-deadline-ms": String(patienceMs) },
        body: JSON.stringify({ call: "hang" }),
      });
      const body = (await response.json()) as Outcome & { outcome?: Outcome };
      // Both sides watch the same deadline: either the caller's own passes first, or it is told of the callee's.
      const error = response.status === 504 ? body : body.outcome;
      assert.equal(error?.code, "deadline_exceeded", JSON.stringify(body));
      await until(async () => (await hangState()).stopped > before.stopped);
    });

    it("cancels the callee when the caller aborts", async () => {
      const before = await hangState();
      const outcome = await relay("hang", undefined, { abortAfterMs: patienceMs });
      assert.equal(outcome.code, "canceled");
      assert.equal(outcome.message, "the caller of users.hang went away");
      await until(async () => (await hangState()).stopped > before.stopped);
      assert.equal((await hangState()).lastReason, "canceled");
    });

    it("does not start a call whose signal has aborted, and takes a timeout signal for a deadline", async () => {
      const before = await hangState();
      assert.equal((await relay("hang", undefined, { aborted: true })).code, "canceled");
      assert.equal((await hangState()).hanging, before.hanging);
      assert.equal((await relay("hang", undefined, { timeoutSignalMs: patienceMs })).code, "deadline_exceeded");
      await until(async () => (await hangState()).stopped > before.stopped);
    });

    it("cancels the callee when the client of the caller goes away", async () => {
      const before = await hangState();
      const controller = new AbortController();
      const request = fetch(`${base}/__tenon/call/orders/relay`, {
        method: "POST",
        headers: { "x-tenon-credential": CREDENTIAL },
        body: JSON.stringify({ call: "hang" }),
        signal: controller.signal,
      });
      await until(async () => (await hangState()).hanging > before.hanging);
      controller.abort();
      await assert.rejects(request);
      await until(async () => (await hangState()).stopped > before.stopped);
    });

    async function hangState(): Promise<{ hanging: number; stopped: number; lastReason: string }> {
      return (await relay("state")).value?.["value"] as { hanging: number; stopped: number; lastReason: string };
    }
  });
}

async function until(isTrue: () => Promise<boolean>): Promise<void> {
  const endsAt = Date.now() + 60_000;
  while (!(await isTrue())) {
    if (Date.now() > endsAt) throw new Error("it did not become true within a minute");
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}
