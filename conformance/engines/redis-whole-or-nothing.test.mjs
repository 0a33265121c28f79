// What a Redis that refuses something may not do to messages: take half of a publish, or keep consumers from making room.
import assert from "node:assert/strict";
import { once } from "node:events";
import { connect } from "node:net";
import { after, before, describe, test } from "node:test";
import { createBroker, createTopicControl } from "@tenon/redis-streams";
import { eventually } from "../harness/eventually.mjs";
import { redisServerMissing, startRedisServer } from "../harness/redis-server.mjs";

const plain = {
  topic: "orders",
  name: "mail",
  isOrdered: false,
  filter: null,
  maxConcurrency: 10,
  ackDeadlineMs: 30_000,
  messageRetentionMs: 600_000,
  retryPolicy: { minBackoffMs: 10, maxBackoffMs: 20, maxRetries: 2 },
};

function messageOf(n, changes = {}) {
  return {
    id: `00000000-0000-4000-8000-00000000000${n}`,
    payload: JSON.stringify({ n }),
    attributes: {},
    orderingKey: null,
    traceparent: "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
    deliverAt: null,
    mayBeRepeat: false,
    ...changes,
  };
}

async function say(port, command) {
  const socket = connect(port, "127.0.0.1");
  socket.write(`${command}\r\n`);
  const [answer] = await once(socket, "data");
  socket.destroy();
  assert.equal(String(answer), "+OK\r\n");
}

describe("Redis", { skip: redisServerMissing }, () => {
  let server;
  let places = 0;

  before(async () => {
    server = await startRedisServer();
  });
  after(() => server?.stop());

  async function openPlace(context, subscription) {
    const config = { url: server.url, keyPrefix: `place-${++places}:` };
    const broker = createBroker(config);
    context.after(() => broker.close());
    await broker.declare([
      { name: "orders", isOrdered: false, deliveryGuarantee: "at-least-once", subscriptions: [subscription] },
    ]);
    const backlog = async () => (await createTopicControl(config).states())[0].backlog;
    return { broker, backlog };
  }

  test("a message that cannot be read takes none with it, and is not taken for a repeat of itself", async (t) => {
    const { broker, backlog } = await openPlace(t, { ...plain, filter: { region: ["eu"] } });
    const good = messageOf(1, { attributes: { region: "eu" }, mayBeRepeat: true });
    // Half of a pair: the server's JSON knows no such text.
    const bad = messageOf(2, { attributes: { region: "eu", name: "\ud83d" }, mayBeRepeat: true });
    await assert.rejects(broker.publish("orders", [good, bad]), (error) => {
      assert.equal(error.command, undefined, "the messages are in the error, and so in logs");
      return true;
    });
    assert.equal(await backlog(), 0);
    await assert.rejects(broker.publish("orders", [bad]));
    await broker.publish("orders", [good]);
    assert.equal(await backlog(), 1);
  });

  test("whose memory is full takes no more messages, and gives those that it has", async (t) => {
    const { broker, backlog } = await openPlace(t, plain);
    await broker.publish("orders", [messageOf(1), messageOf(2)]);
    await say(server.port, "CONFIG SET maxmemory 1mb");
    t.after(() => say(server.port, "CONFIG SET maxmemory 0"));
    await assert.rejects(broker.publish("orders", [messageOf(3)]), /OOM/);
    assert.equal(await backlog(), 2);
    const receiver = {
      async deliver(delivery) {
        await delivery.extend(60_000);
        return { kind: "handled" };
      },
      async bury() {},
    };
    const consumer = broker.consume(plain, receiver);
    t.after(() => consumer.stop(1_000));
    await eventually("nothing left", async () => assert.equal(await backlog(), 0) === undefined);
  });
});
