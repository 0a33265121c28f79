// Tables that an older Tenon has made become today's, with what waits in them.
import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { startTestServer, type TestServer } from "../../data/server.test.support.ts";
import {
  consume,
  messageOf,
  numberOf,
  subscriptionOf,
  TestDatabase,
  traceparent,
  until,
} from "./broker.test.support.ts";
import { createPostgresBroker } from "./postgres-broker.ts";

/** As they were before they had a version, with one message that waits and one that is dead. */
const oldTables = `
CREATE SCHEMA tenon_messages;
CREATE TABLE tenon_messages.subscription (
  id integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY, topic text NOT NULL, name text NOT NULL, is_ordered boolean NOT NULL,
  is_active boolean NOT NULL DEFAULT true, UNIQUE (topic, name));
CREATE TABLE tenon_messages.delivery (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  subscription integer NOT NULL REFERENCES tenon_messages.subscription ON DELETE CASCADE,
  message_id uuid NOT NULL, payload text NOT NULL, attributes text NOT NULL, ordering_key text, lane smallint,
  traceparent text NOT NULL, published_at timestamptz NOT NULL DEFAULT now(), waits_since timestamptz NOT NULL DEFAULT now(),
  run_at timestamptz NOT NULL DEFAULT now(), attempts integer NOT NULL DEFAULT 0, lease uuid, last_reason text);
CREATE INDEX delivery_due ON tenon_messages.delivery (subscription, run_at, id) WHERE lane IS NULL;
CREATE INDEX delivery_lane ON tenon_messages.delivery (subscription, lane, id) WHERE lane IS NOT NULL;
CREATE INDEX delivery_tried ON tenon_messages.delivery (subscription, run_at) WHERE lane IS NOT NULL AND attempts > 0;
CREATE TABLE tenon_messages.lane (
  subscription integer NOT NULL REFERENCES tenon_messages.subscription ON DELETE CASCADE, lane smallint NOT NULL, lease uuid,
  lease_until timestamptz NOT NULL DEFAULT '-infinity', PRIMARY KEY (subscription, lane));
CREATE TABLE tenon_messages.dead_letter (
  id bigint PRIMARY KEY, subscription integer NOT NULL REFERENCES tenon_messages.subscription ON DELETE CASCADE,
  message_id uuid NOT NULL, payload text NOT NULL, attributes text NOT NULL, ordering_key text, traceparent text NOT NULL,
  published_at timestamptz NOT NULL, attempts integer NOT NULL, reason text NOT NULL, died_at timestamptz NOT NULL DEFAULT now());
CREATE INDEX dead_letter_subscription ON tenon_messages.dead_letter (subscription, id);
INSERT INTO tenon_messages.subscription (topic, name, is_ordered) VALUES ('orders', 'mail', false), ('orders', 'gone', false);
INSERT INTO tenon_messages.delivery (subscription, message_id, payload, attributes, traceparent)
  VALUES (1, gen_random_uuid(), '{"n":1}', '{}', '${traceparent}');
INSERT INTO tenon_messages.dead_letter (id, subscription, message_id, payload, attributes, traceparent, published_at, attempts, reason)
  VALUES (7, 1, gen_random_uuid(), '{"n":2}', '{}', '${traceparent}', now(), 3, 'no');`;

describe("the tables of the engine", () => {
  let server: TestServer;
  before(async () => {
    server = await startTestServer();
  });
  after(() => server.stop());

  it("of an older Tenon are upgraded, by several processes at once", async (t) => {
    const database = await TestDatabase.create(server, t);
    await database.rows(oldTables);
    const subscription = subscriptionOf();
    const [broker] = await Promise.all([1, 2, 3].map(() => database.broker(subscription)));
    await broker!.publish("orders", [messageOf(3)]);
    const seen: number[] = [];
    const consumer = consume(broker!, subscription, async (delivery) => {
      seen.push(numberOf(delivery));
      return { kind: "handled" };
    });
    await until("both", () => seen.length === 2);
    assert.deepEqual(seen, [1, 3]);
    assert.equal((await database.deadLetters())[0]!.reason, "no");
    await consumer.stop(1_000);
    // Of what was there nobody knows who had it: it counts as seen now.
    const [count] = await database.rows<{ fresh: number }>(
      "SELECT count(*)::int AS fresh FROM tenon_messages.subscription WHERE is_active AND seen_at > now() - interval '1 hour'",
    );
    assert.equal(count!.fresh, 2);
  });

  it("of a newer Tenon are left alone, with a word", async (t) => {
    const database = await TestDatabase.create(server, t);
    await database.broker(subscriptionOf());
    await database.rows("UPDATE tenon_messages.schema_version SET version = 99");
    const broker = createPostgresBroker(database.connectionString);
    t.after(() => broker.close());
    await assert.rejects(broker.declare([]), /of a newer Tenon \(version 99\)/);
  });
});
