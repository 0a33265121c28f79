// Real service processes: how they start, refuse to start, crash, stop, and what their internal door lets in.
import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import type { HostConfig } from "./host-config.ts";
import {
  CREDENTIAL,
  startWorker,
  type TestBuild,
  type TestWorker,
  testConfig,
  writeTestBuild,
} from "./testing-build.test.support.ts";

function internalOf(worker: TestWorker): string {
  assert.equal(worker.answer.type, "ready", JSON.stringify(worker.answer));
  return (worker.answer as { internal: string }).internal;
}

async function failureOf(config: HostConfig) {
  const worker = await startWorker(config);
  assert.equal(await worker.exited, 1);
  assert.equal(worker.answer.type, "failed", JSON.stringify(worker.answer));
  return worker.answer.type === "failed" ? worker.answer.error : assert.fail();
}

const post = (url: string, body: unknown, headers: Record<string, string> = { "x-tenon-credential": CREDENTIAL }) =>
  fetch(url, { method: "POST", headers, body: JSON.stringify(body) });

describe("a service process that cannot start says why", () => {
  let build: TestBuild;
  before(() => {
    build = writeTestBuild();
  });
  after(() => build.remove());

  it("no build", async () => {
    const error = await failureOf(testConfig(join(build.dir, "none"), {}));
    assert.equal(error.code, "build_unreadable");
    assert.match(error.message, /app\.json: ENOENT/);
    assert.match(error.hint!, /tenon build/);
  });

  it("a service that is not in the build", async () => {
    const error = await failureOf(testConfig(build.dir, { services: ["payments"] }));
    assert.deepEqual(
      [error.code, error.message],
      ["service_unknown", 'the build has no service "payments"; it has orders, users'],
    );
  });

  it("missing secrets, all at once, with where to set them", async () => {
    const error = await failureOf(testConfig(build.dir, { secrets: {} }));
    assert.deepEqual(
      [error.code, error.message],
      ["secrets_missing", "secrets without a value: apiKey (used by users)"],
    );
    assert.match(error.hint!, /\.env\.local.+infra\.json/);
  });

  it("a crash at import, with the user's own file and line", async () => {
    const broken = writeTestBuild({
      users:
        "const config = undefined;\nexport const handlers = { get: config.value };\n//# sourceMappingURL=users.js.map",
    });
    // Line 2 of the bundle comes from line 40 of the source.
    writeFileSync(
      join(broken.dir, "services/users.js.map"),
      JSON.stringify({ version: 3, sources: ["../users/users.ts"], names: [], mappings: ";AAuCkC" }),
    );
    const error = await failureOf(testConfig(broken.dir, {}));
    broken.remove();
    assert.equal(error.code, "service_import_failed");
    assert.match(
      error.message,
      /^the service "users" failed while its modules were loaded: TypeError: Cannot read properties of undefined/,
    );
    assert.match(error.stack!, /users\/users\.ts:40/);
  });

  it("a bundle without a handler, codecs that do not load, an address that is taken or malformed", async () => {
    const lacking = writeTestBuild({ users: "export const handlers = {};" });
    assert.equal((await failureOf(testConfig(lacking.dir, {}))).code, "handler_missing");
    writeFileSync(join(lacking.dir, "codecs/users.js"), "export const codecs = ");
    assert.equal((await failureOf(testConfig(lacking.dir, {}))).code, "codecs_import_failed");
    lacking.remove();
    const taken = createServer().listen(0, "127.0.0.1");
    await new Promise((resolve) => taken.once("listening", resolve));
    const { port } = taken.address() as AddressInfo;
    const error = await failureOf(testConfig(build.dir, { gateway: { host: "127.0.0.1", port } }));
    taken.close();
    assert.deepEqual([error.code, error.message], ["address_in_use", `127.0.0.1:${port} is already in use`]);
    assert.equal(
      (await failureOf(testConfig(build.dir, { internal: { socketPath: `/tmp/${"x".repeat(200)}.sock` } }))).code,
      "address_unusable",
    );
  });
});

describe("a service process", () => {
  let build: TestBuild;
  before(() => {
    build = writeTestBuild();
  });
  after(() => build.remove());

  it("lets nobody in without the credential, but for health and readiness", async () => {
    const worker = await startWorker(testConfig(build.dir, {}));
    const base = internalOf(worker);
    for (const headers of [{}, { "x-tenon-credential": "wrong" }, { "x-tenon-credential": "" }] as Record<
      string,
      string
    >[]) {
      for (const path of ["/__tenon/call/users/hidden", "/users/1", "/nowhere"]) {
        const response = await post(`${base}${path}`, {}, { ...headers, "x-tenon-forwarded": "1" });
        assert.equal(response.status, 401, path);
        assert.equal(((await response.json()) as { code: string }).code, "unauthenticated");
      }
    }
    for (const path of ["/__tenon/healthz", "/__encore/healthz", "/__tenon/readyz"]) {
      assert.equal((await fetch(`${base}${path}`)).status, 200, path);
    }
    const hidden = await post(`${base}/__tenon/call/users/hidden`, {});
    assert.deepEqual([hidden.status, await hidden.json()], [200, { text: "hidden" }]);
    const forwarded = await post(`${base}/hidden`, {}, { "x-tenon-credential": CREDENTIAL, "x-tenon-forwarded": "1" });
    assert.equal(forwarded.status, 404);
    const unknown = await post(`${base}/__tenon/call/users/none`, {});
    assert.deepEqual([unknown.status, unknown.headers.get("x-tenon-outcome")], [501, "error"]);
    assert.equal((await fetch(`${base}/users/1`, { headers: { "x-tenon-credential": CREDENTIAL } })).status, 404);
    assert.equal(await worker.stop(), 0);
  });

  it("admits nobody when its credential is empty", async () => {
    const worker = await startWorker(testConfig(build.dir, { credential: "" }));
    assert.equal(
      (await post(`${internalOf(worker)}/__tenon/call/users/hidden`, {}, { "x-tenon-credential": "" })).status,
      401,
    );
    assert.equal(await worker.stop(), 0);
  });

  it("answers unavailable, never internal, when another service is gone, and finds it again after a move", async () => {
    const users = await startWorker(testConfig(build.dir, { services: ["users"] }));
    const orders = await startWorker(
      testConfig(build.dir, { services: ["orders"], remotes: { users: internalOf(users) } }),
    );
    const ask = async () => {
      const response = await post(`${internalOf(orders)}/__tenon/call/orders/relay`, {
        call: "get",
        request: { id: "u1" },
      });
      return ((await response.json()) as { outcome: Record<string, unknown> }).outcome;
    };
    assert.equal(((await ask())["value"] as { id: string }).id, "u1");
    users.process.kill("SIGKILL");
    assert.equal(await users.exited, "SIGKILL");
    const outcome = await ask();
    assert.deepEqual([outcome["code"], outcome["message"]], ["unavailable", "the service users could not be reached"]);
    const moved = await startWorker(testConfig(build.dir, { services: ["users"] }));
    orders.send({ type: "update", id: 1, remotes: { users: internalOf(moved) } });
    while ((await ask())["code"] === "unavailable") await new Promise((resolve) => setTimeout(resolve, 5));
    assert.equal(((await ask())["value"] as { id: string }).id, "u1");
    assert.deepEqual([await orders.stop(), await moved.stop()], [0, 0]);
  });

  it("takes over the socket of a killed process, not of a living one", async () => {
    const config = testConfig(build.dir, { internal: { socketPath: join(build.dir, "own.sock") } });
    const first = await startWorker(config);
    const second = await failureOf(config);
    assert.equal(second.code, "address_in_use");
    first.process.kill("SIGKILL");
    await first.exited;
    const third = await startWorker(config);
    assert.equal(third.answer.type, "ready");
    assert.equal(await third.stop(), 0);
  });

  it("finishes requests under way when it is told to stop, by message, SIGTERM or the end of its supervisor", async () => {
    const slow = `
      import { currentCall } from "@tenon/runtime";
      let release; const released = new Promise((resolve) => (release = resolve));
      process.on("message", (message) => message.type === "release" && release());
      const hang = async () => { process.send({ type: "arrived" }); await released; };
      const any = () => ({});
      export const handlers = { get: any, echo: any, small: any, fail: any, headers: any, hang, state: any, nothing: any, hidden: any };`;
    const slowBuild = writeTestBuild({ users: slow });
    for (const how of ["message", "SIGTERM"]) {
      const worker = await startWorker(testConfig(slowBuild.dir, {}));
      const arrived = new Promise((resolve) => worker.process.once("message", resolve));
      const underWay = post(`${internalOf(worker)}/__tenon/call/users/hang`, {});
      await arrived;
      if (how === "message") worker.send({ type: "stop", timeoutMs: 10_000 });
      else worker.process.kill("SIGTERM");
      await assert.rejects(async () => {
        for (;;) await fetch(`${internalOf(worker)}/__tenon/healthz`, { headers: { connection: "close" } });
      });
      worker.process.send({ type: "release" });
      assert.equal((await underWay).status, 200);
      assert.equal(await worker.exited, 0);
    }
    const orphan = await startWorker(testConfig(slowBuild.dir, {}));
    orphan.process.disconnect();
    assert.equal(await orphan.exited, 0);
    slowBuild.remove();
  });

  it("ends with 1 after an error nobody handled, and logs it with its trace", async () => {
    for (const [what, code] of [
      ["rejection", 'void Promise.reject(new Error("lost promise"))'],
      ["exception", 'setImmediate(() => { throw new Error("lost promise"); })'],
    ]) {
      const crashing = writeTestBuild({
        users: `const any = () => ({}); const hang = async () => { ${code}; await new Promise(() => {}); };
          export const handlers = { get: any, echo: any, small: any, fail: any, headers: any, hang, state: any, nothing: any, hidden: any };`,
      });
      const worker = await startWorker(testConfig(crashing.dir, {}));
      await assert.rejects(post(`${internalOf(worker)}/__tenon/call/users/hang`, {}));
      assert.equal(await worker.exited, 1, what);
      const line = worker
        .output()
        .split("\n")
        .find((candidate) => candidate.includes("lost promise"));
      assert.match(line ?? "", /"level":"error"/, worker.output());
      assert.match(line ?? "", /"trace_id":"[0-9a-f]{32}"/, `${what}: ${worker.output()}`);
      crashing.remove();
    }
  });
});
