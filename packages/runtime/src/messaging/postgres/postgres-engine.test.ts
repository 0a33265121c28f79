// The suite of engines on PostgreSQL.
import { after, before } from "node:test";
import { newDatabase, startTestServer, type TestServer } from "../../data/server.test.support.ts";
import type { BrokerAdapter } from "../broker.ts";
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
});
