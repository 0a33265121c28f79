// What a door does for clients when another one takes its place or its certificate is renewed: nobody is cut off.
import assert from "node:assert/strict";
import { once } from "node:events";
import { Agent, get, type IncomingMessage } from "node:http";
import { afterEach, describe, test } from "node:test";
import { connect as connectTls } from "node:tls";
import { cert, key, renewed } from "./certificate.test.support.ts";
import { lingerTime } from "./linger-time.ts";
import { type Listener, type ListenOptions, listen } from "./listen.ts";

const options: ListenOptions = {
  address: { host: "127.0.0.1", port: 0 },
  answer: () => ({ status: 200, headers: {}, body: "ok" }),
  answerUpgrade: () => ({ status: 400, headers: {}, body: "" }),
  laneOf: (request) => (request.path === "/raw" ? "compat" : "fast"),
};

let door: Listener;
const agents: Agent[] = [];
afterEach(() => {
  for (const agent of agents.splice(0)) agent.destroy();
  return door.close({ timeoutMs: 0 });
});

function newAgent(): Agent {
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  agents.push(agent);
  return agent;
}

async function ask(agent: Agent, path: string): Promise<string | undefined> {
  const [response] = (await once(get(`${door.address}${path}`, { agent }), "response")) as [IncomingMessage];
  response.resume();
  await once(response, "end");
  return response.headers.connection;
}

describe("a door that is replaced", { timeout: 60_000 }, () => {
  test("answers what comes on waiting connections of both lanes, as their last, and ends when none is left", async () => {
    door = await listen({ ...options, lingerMs: 15_000 });
    const [fast, compat] = [newAgent(), newAgent()];
    await ask(fast, "/");
    await ask(compat, "/raw");
    const drained = door.drain({ timeoutMs: 15_000 });
    // Longer than a door without this keeps them.
    await new Promise((resolve) => setTimeout(resolve, 200));
    assert.equal(await ask(fast, "/"), "close");
    assert.equal(await ask(compat, "/raw"), "close");
    await drained;
  });

  test("does not wait longer than it was told", async () => {
    door = await listen({ ...options, lingerMs: 100 });
    const agent = newAgent();
    await ask(agent, "/");
    await door.drain({ timeoutMs: 15_000 });
  });

  test("shows a renewed certificate to new connections, and keeps the one before where the new one is unusable", async () => {
    door = await listen({ ...options, address: { host: "127.0.0.1", port: 0, tls: { cert, key } } });
    assert.equal(await subject(), "localhost");
    door.renewTls!(renewed);
    assert.equal(await subject(), "renewed");
    assert.throws(() => door.renewTls!({ cert: "no certificate", key }));
    assert.equal(await subject(), "renewed");
  });
});

async function subject(): Promise<string | undefined> {
  const port = Number(new URL(door.address).port);
  const socket = connectTls({ port, host: "127.0.0.1", ca: [cert, renewed.cert], servername: "localhost" });
  await once(socket, "secureConnect");
  const { CN } = socket.getPeerCertificate().subject;
  socket.destroy();
  return Array.isArray(CN) ? CN[0] : CN;
}

test("TENON_LINGER_SECONDS is a number of seconds", () => {
  assert.equal(lingerTime(undefined), 0);
  assert.equal(lingerTime("1.5"), 1500);
  assert.throws(() => lingerTime("soon"), /TENON_LINGER_SECONDS/);
});
