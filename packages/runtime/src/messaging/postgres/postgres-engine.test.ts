// The suite of engines on PostgreSQL.
import { after, before } from "node:test";
import pg from "pg";
import { newDatabase, startTestServer, type TestServer } from "../../data/server.test.support.ts";
import { type BrokerAdapter, unseenMs } from "../broker.ts";
import { testEngine } from "../engine-suite/engine-suite.ts";
import { createPostgresBroker } from "./postgres-broker.ts";
import { createTopicControl } from "./postgres-topic-control.ts";

let server: TestServer;

before(async () => {
  server = await startTestServer();
});
after(() => server.stop());

const adapter: BrokerAdapter<string> = { createBroker: createPostgresBroker, createTopicControl };

testEngine({
  name: "PostgreSQL",
  adapter: adapter as BrokerAdapter,
  newPlace: () => newDatabase(server),
  async unsee(place, topic, subscription) {
    const client = new pg.Client({ connectionString: place as string });
    await client.connect();
    try {
      const sql =
        "UPDATE tenon_messages.subscription SET seen_at = now() - $3 * interval '1 ms' WHERE topic = $1 AND name = $2";
      await client.query(sql, [topic, subscription, unseenMs + 60_000]);
    } finally {
      await client.end();
    }
  },
});
