// The suite of engines on NATS JetStream and a real nats-server.
import { after, before } from "node:test";
import * as adapter from "@tenon/nats";
import { testEngine } from "@tenon/runtime/engine-suite";
import { natsServerMissing, startNatsServer } from "../harness/nats-server.mjs";

let server;
let places = 0;

before(async () => {
  if (!natsServerMissing) server = await startNatsServer();
});
after(() => server?.stop());

testEngine({
  name: "NATS JetStream",
  adapter,
  newPlace: async () => ({ servers: server.url, prefix: `place-${++places}` }),
  server: { kill: () => server.kill(), restart: () => server.restart() },
  skip: natsServerMissing,
});
