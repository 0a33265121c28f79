// The engines that carry the messages of a run, as real servers that can be killed: each with its entry in infra.json and a look at its
// dead letters.
import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { createTopicControl, provisionDatabase } from "@tenon/runtime";
import { natsServerMissing, startNatsServer } from "../harness/nats-server.mjs";
import { redisServerMissing, startRedisServer } from "../harness/redis-server.mjs";
import { overTcp, PostgresRole } from "./postgres-role.mjs";
import { ServerRole } from "./server-role.mjs";

/**
 * @typedef {{ server: { role: string, pid: number | undefined, stop(): Promise<void> }, pubsub: object,
 *   control: import("@tenon/model").TopicControl }} Engine `pubsub`: its entry in infra.json
 * @type {Record<string, { missing: string | false, start(dir: string): Promise<Engine> }>} `missing`: why it cannot be started here
 */
export const engines = {
  postgres: { missing: false, start: startPostgresEngine },
  nats: { missing: natsServerMissing, start: startNatsEngine },
  redis: { missing: redisServerMissing, start: startRedisEngine },
};

async function startPostgresEngine(dir) {
  await mkdir(dir, { recursive: true });
  const server = new PostgresRole("engine", join(dir, "postgres"));
  await server.start();
  const made = await provisionDatabase(server.adminUrl, { database: "messages", role: "messages" });
  const connectionString = overTcp(made.connectionString);
  const pubsub = { type: "postgres", connection_string: connectionString };
  return { server, pubsub, control: createTopicControl(connectionString) };
}

async function startNatsEngine() {
  const server = new ServerRole("engine", await startNatsServer());
  const pubsub = { type: "nats", servers: server.url };
  return { server, pubsub, control: await controlOf("@tenon/nats", pubsub) };
}

async function startRedisEngine() {
  const server = new ServerRole("engine", await startRedisServer());
  const pubsub = { type: "redis", url: server.url };
  return { server, pubsub, control: await controlOf("@tenon/redis-streams", pubsub) };
}

async function controlOf(module, pubsub) {
  const adapter = await import(module);
  return adapter.createTopicControl(pubsub);
}
