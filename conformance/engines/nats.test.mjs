// The suite of engines on NATS JetStream and a real nats-server.
import { after, before } from "node:test";
import * as adapter from "@tenon/nats";
import { testEngine } from "@tenon/runtime/engine-suite";
import { Link } from "../../packages/adapters/nats/dist/link.js";
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
  async unsee(place, topic, subscription) {
    const link = await Link.open(place);
    const { names } = link;
    const mark = await link.last(names.seenStream, names.seen(topic, subscription));
    await link.remove(names.seenStream, mark.seq);
    await link.close();
  },
  server: {
    kill: () => server.kill(),
    restart: () => server.restart(),
  },
  skip: natsServerMissing,
});
