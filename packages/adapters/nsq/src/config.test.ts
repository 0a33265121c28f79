// Addresses as people write them, and names that fit into what NSQ allows.
import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { test } from "node:test";
import { addressesOf } from "./config.ts";
import { Names } from "./names.ts";

test("addresses, with ports that are known", () => {
  const config = { hosts: "a.internal:5150, b, [::1]:4150", topics: {} };
  assert.deepEqual(addressesOf(config), [
    { host: "a.internal", port: 5150, httpUrl: "http://a.internal:4151" },
    { host: "b", port: 4150, httpUrl: "http://b:4151" },
    { host: "::1", port: 4150, httpUrl: "http://[::1]:4151" },
  ]);
  assert.deepEqual(addressesOf({ hosts: "a", httpHosts: "stats:80", topics: {} }), [
    { host: "a", port: 4150, httpUrl: "http://stats:80" },
  ]);
});

test("what is no address is told", () => {
  for (const hosts of ["", "a:b", "http://a:4150", "a,,b", "a b"]) {
    assert.throws(() => addressesOf({ hosts, topics: {} }), /is no address of an nsqd: write host:port/, hosts);
  }
  assert.throws(() => addressesOf({ hosts: "a,b", httpHosts: "a", topics: {} }), /names 1 servers and hosts 2/);
});

test("dead letters of every subscription have a topic of their own, of a length that NSQ takes", () => {
  const long = "t".repeat(60);
  const names = new Names({
    hosts: "a",
    topics: {
      orders: { name: "shop-orders", subscriptions: { mail: { name: "mail" }, stock: { name: "stock" } } },
      long: { name: long, subscriptions: { a: { name: "a".repeat(30) }, b: { name: "b".repeat(30) } } },
    },
  });
  const topics = names.all().map((one) => one.names.deadTopic);
  assert.equal(new Set(topics).size, 4);
  assert.ok(topics.includes("shop-orders.mail.dead"));
  for (const topic of topics) assert.match(topic, /^[.a-zA-Z0-9_-]{1,64}$/);
  assert.equal(names.subscription("orders", "toString"), undefined);
  assert.equal(names.topic("constructor"), undefined);
});

test("a name that NSQ does not take is hashed as Encore.ts hashes it", () => {
  const names = new Names({ hosts: "a", topics: { orders: { name: "shop/orders", subscriptions: {} } } });
  assert.equal(names.topic("orders"), createHash("sha3-256").update("shop/orders").digest("hex"));
  assert.equal(names.topic("orders")!.length, 64);
});
