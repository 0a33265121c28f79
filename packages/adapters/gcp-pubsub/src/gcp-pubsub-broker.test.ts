// A subscription that a process may not see is somebody else's; one that it has to take from goes on being asked for.
import assert from "node:assert/strict";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { test } from "node:test";
import type { SubscriptionSpec } from "@tenon/runtime/engine";
import { createBroker } from "./gcp-pubsub-broker.ts";

const mail: SubscriptionSpec = {
  topic: "orders",
  name: "mail",
  isOrdered: false,
  filter: null,
  maxConcurrency: 10,
  ackDeadlineMs: 30_000,
  messageRetentionMs: 600_000,
  retryPolicy: { minBackoffMs: 10, maxBackoffMs: 20, maxRetries: 2 },
};

test("a subscription of another process does not keep this one from starting", async (t) => {
  let asked = 0;
  let twice: () => void = () => {};
  const askedTwice = new Promise<void>((resolve) => {
    twice = resolve;
  });
  const server = createServer((_request, response) => {
    if (++asked === 2) twice();
    const error = { code: 403, message: "User not authorized to perform this action.", status: "PERMISSION_DENIED" };
    response.writeHead(403, { connection: "close" }).end(JSON.stringify({ error }));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  t.after(() => server.close());
  const endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const topics = { orders: { name: "orders", subscriptions: { mail: { name: "orders-mail" } } } };
  const broker = createBroker({ projectId: "p", endpoint, topics });
  await broker.declare([
    { name: "orders", isOrdered: false, deliveryGuarantee: "at-least-once", subscriptions: [mail] },
  ]);
  assert.equal(asked, 1);
  const nobody = { deliver: () => assert.fail("there is nothing"), bury: () => assert.fail("there is nothing") };
  const consumer = broker.consume(mail, nobody);
  await askedTwice;
  await consumer.stop(1_000);
});
