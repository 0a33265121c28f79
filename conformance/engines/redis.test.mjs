// The suite of engines on Redis streams and a real redis-server.
import { after, before } from "node:test";
import * as adapter from "@tenon/redis-streams";
import { unseenMs } from "@tenon/runtime/engine";
import { testEngine } from "@tenon/runtime/engine-suite";
import { Connection } from "../../packages/adapters/redis/dist/connection.js";
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
  async unsee(place, topic, subscription) {
    const connection = new Connection(place);
    const longAgo = String(Date.now() - unseenMs - 60_000);
    await connection.client.hset(`${connection.base(topic)}:seen`, subscription, longAgo);
    connection.close();
  },
  server: { kill: () => server.kill(), restart: () => server.restart() },
  skip: redisServerMissing,
});
