// What a connection does with servers that are none, want more than they are given, or go away.
import assert from "node:assert/strict";
import { once } from "node:events";
import { type AddressInfo, createServer, type Socket } from "node:net";
import { type TestContext, test } from "node:test";
import { nop, publish } from "./commands.ts";
import { Connection } from "./connection.ts";

/** A server that answers the first bytes with `greeting` and leaves the rest to `serve`. */
async function serverThat(t: TestContext, greeting: Buffer, serve: (socket: Socket) => void = () => {}) {
  const server = createServer((socket) => {
    socket.on("error", () => {});
    socket.once("data", () => {
      socket.write(greeting);
      serve(socket);
    });
  }).listen(0, "127.0.0.1");
  t.after(() => server.close());
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  return { host: "127.0.0.1", port, httpUrl: "" };
}

function frame(type: number, text: string): Buffer {
  const head = Buffer.alloc(8);
  head.writeUInt32BE(text.length + 4, 0);
  head.writeInt32BE(type, 4);
  return Buffer.concat([head, Buffer.from(text)]);
}

const features = frame(0, '{"max_rdy_count":7,"max_msg_timeout":1000}');

test("limits are what the server says", async (t) => {
  const connection = await Connection.open(await serverThat(t, features));
  assert.deepEqual(connection.limits, { maxReadyCount: 7, maxMsgTimeoutMs: 1_000 });
  connection.destroy();
});

for (const [what, greeting, reason] of [
  ["speaks HTTP", Buffer.from("HTTP/1.1 400 Bad Request\r\n\r\n"), /is no frame of NSQ/],
  ["asks for a secret", frame(0, '{"auth_required":true}'), /asks for an AUTH secret/],
  ["is too old to say what it can", frame(0, "OK"), /too old/],
  ["refuses", frame(1, "E_BAD_BODY IDENTIFY msg timeout (9) is invalid"), /nsqd: E_BAD_BODY IDENTIFY msg timeout/],
] as const) {
  test(`a server that ${what} is told of`, async (t) => {
    await assert.rejects(Connection.open(await serverThat(t, greeting)), reason);
  });
}

test("who waits for an answer is told when the server goes away, and who comes later at once", async (t) => {
  const address = await serverThat(t, features, (socket) => socket.once("data", () => socket.destroy()));
  let ends = 0;
  const connection = await Connection.open(address, { onEnd: () => ends++ });
  const answers = [connection.ask(publish("a", Buffer.from("1"))), connection.ask(publish("a", Buffer.from("2")))];
  for (const answer of await Promise.allSettled(answers)) assert.equal(answer.status, "rejected");
  assert.equal(connection.isOpen, false);
  await assert.rejects(connection.ask(publish("a", Buffer.from("3"))));
  assert.equal(ends, 1);
});

test("answers go to whoever asked first; refusals of acknowledgements to nobody; heartbeats are answered", async (t) => {
  let heard = "";
  const address = await serverThat(t, features, (socket) => {
    socket.on("data", (data: Buffer) => {
      heard += data.toString();
      if (!heard.includes("second")) return;
      socket.write(
        Buffer.concat([
          frame(1, "E_FIN_FAILED FIN 0 failed ID not in flight"),
          frame(0, "_heartbeat_"),
          frame(1, "E_BAD_TOPIC"),
          frame(0, "OK"),
        ]),
      );
    });
  });
  const connection = await Connection.open(address);
  const [first, second] = await Promise.allSettled([
    connection.ask(publish("a", Buffer.from("first"))),
    connection.ask(publish("a", Buffer.from("second"))),
  ]);
  assert.equal(first.status === "rejected" && first.reason.code, "E_BAD_TOPIC");
  assert.equal(second.status === "fulfilled" && second.value, "OK");
  await connection.end();
  assert.ok(heard.endsWith(nop.toString()), JSON.stringify(heard));
});
