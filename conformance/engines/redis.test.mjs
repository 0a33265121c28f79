// The suite of engines on Redis streams and a real redis-server.
import { after, before } from "node:test";
import * as adapter from "@tenon/redis-streams";
import { testEngine } from "@tenon/runtime/engine-suite";
import { redisServerMissing, startRedisServer } from "../harness/redis-server.mjs";

let server;
let places = 0;

before(async () => {
  if (!redisServerMissing) server = await startRedisServer();
});
after(() => server?.stop());

testEngine({
  name: "Redis streams",
  adapter,
  newPlace: async () => ({ url: server.url, keyPrefix: `place-${++places}:` }),
  server: { kill: () => server.kill(), restart: () => server.restart() },
  skip: redisServerMissing,
});
