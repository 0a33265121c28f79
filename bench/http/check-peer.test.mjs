// The checker itself: it passes a server that does the work (the one written by hand on node:http) and names what careless ones do.
import assert from "node:assert/strict";
import { createServer } from "node:http";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { root } from "../harness/environment.mjs";
import { startServer } from "../harness/server-process.mjs";
import { checkPeer } from "./check-peer.mjs";
import { checks } from "./checks.mjs";
import { scenarios } from "./scenarios.mjs";

let right;
before(async () => {
  const peer = {
    name: "http",
    command: ({ node, control }) => [node, "--import", control, join(root, "bench/http/peers/node-http.mjs")],
  };
  right = await startServer(peer, { node: process.execPath, env: {}, readyPath: "/hello/ready" });
});
after(() => right.stop());

/** A server that answers each request as `answer` says, until the test is over. */
async function serve(t, answer) {
  const server = createServer((request, response) => {
    request.resume().on("end", () => {
      const { status, body } = answer(request);
      response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(body));
    });
  });
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  t.after(() => server.close().closeAllConnections());
  return `http://127.0.0.1:${server.address().port}`;
}

test("every scenario has checks, and there are more than thirty", () => {
  assert.ok(checks.length > 30);
  for (const name of Object.keys(scenarios))
    assert.ok(
      checks.some(({ scenario }) => scenario === name),
      name,
    );
});

test("a server that does the work has no differences", async () => {
  for (const name of Object.keys(scenarios)) {
    const { sent, differences } = await checkPeer(right.url, name);
    assert.ok(sent > 0);
    assert.deepEqual(differences, [], name);
  }
});

test("a server that validates nothing is found out by every invalid request", async (t) => {
  const accepted = { message: "Hello test from test", excitement: 123, total: 1368 };
  const url = await serve(t, () => ({ status: 200, body: accepted }));
  const { differences } = await checkPeer(url, "schema");
  const invalid = checks.filter(({ scenario, expected }) => scenario === "schema" && expected.status === 4);
  for (const { what } of invalid)
    assert.ok(
      differences.some((text) => text.startsWith(`${what}: 200`)),
      what,
    );
});

test("a server that answers something else, or nothing but errors, is found out", async (t) => {
  const other = await checkPeer(await serve(t, () => ({ status: 200, body: { message: "hello world" } })), "hello");
  assert.match(other.differences[0], /another answer/);
  const broken = await checkPeer(await serve(t, () => ({ status: 500, body: {} })), "hello");
  assert.equal(broken.differences.length, checks.filter(({ scenario }) => scenario === "hello").length);
});

test("a server that is asked tells its CPU time and memory", async () => {
  const { cpuMicros, rssBytes, descendants } = await right.usage();
  assert.ok(cpuMicros > 1_000);
  assert.ok(rssBytes > 10 * 2 ** 20);
  assert.equal(descendants, 0);
});
