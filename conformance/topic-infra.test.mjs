// `tenon topic --infra`: the dead letters of a production, asked of the engine that infra.json names, whichever it is. There is no
// dashboard there.
import assert from "node:assert/strict";
import { mkdir, writeFile } from "node:fs/promises";
import { createServer } from "node:http";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { copyApp } from "./harness/app-copy.mjs";
import { eventually } from "./harness/eventually.mjs";
import { natsServerMissing, startNatsServer } from "./harness/nats-server.mjs";
import { redisServerMissing, startRedisServer } from "./harness/redis-server.mjs";
import { startBuild } from "./harness/start.mjs";
import { root, runTenon } from "./harness/tenon.mjs";

const { startPostgres } = await import(join(root, "packages/tenon/dist/engines/postgres/start-postgres.js"));
const { provisionDatabase } = await import(join(root, "packages/runtime/dist/index.js"));

let copy;
const out = () => join(copy.dir, "out");

/** Each starts a server and gives the only entry of `pubsub`, with the address in the environment. */
const engines = {
  postgres: {
    skip: false,
    async start(t) {
      const server = await startPostgres({ dataDir: join(copy.dir, "postgres") });
      t.after(() => server.stop());
      const provisioned = await provisionDatabase(server.adminUrl, { database: "messages", role: "messages" });
      const broker = { type: "postgres", connection_string: { $env: "MESSAGES_URL" } };
      return { broker, url: provisioned.connectionString };
    },
  },
  nats: {
    skip: natsServerMissing,
    async start(t) {
      const server = await startNatsServer();
      t.after(() => server.stop());
      return { broker: { type: "nats", servers: { $env: "MESSAGES_URL" } }, url: server.url };
    },
  },
  redis: {
    skip: redisServerMissing,
    async start(t) {
      const server = await startRedisServer();
      t.after(() => server.stop());
      return { broker: { type: "redis", url: { $env: "MESSAGES_URL" } }, url: server.url };
    },
  },
};

describe("a production's dead letters are listed, replayed with a trace, and thrown away", () => {
  before(async () => {
    copy = await copyApp("conformance/apps/letters");
    const built = await runTenon(["build", copy.dir, "-o", out()]);
    assert.equal(built.code, 0, built.stderr);
  });
  after(() => copy?.remove());
  for (const [name, { skip, start }] of Object.entries(engines)) {
    test(name, { skip }, async (t) => workWith(t, name, await start(t)));
  }
});

async function workWith(t, name, { broker, url }) {
  const folder = join(copy.dir, name);
  await mkdir(folder, { recursive: true });
  const infra = join(folder, "infra.json");
  await writeFile(infra, JSON.stringify({ pubsub: [broker] }));
  const env = { MESSAGES_URL: url };
  const app = await startBuild(out(), { cwd: copy.dir, env: { ...env, TENON_INFRA: infra } });
  t.after(() => app.stop());
  const post = (path, body) =>
    fetch(app.gateway + path, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify(body),
    });
  const collector = await startCollector();
  t.after(() => collector.close());
  const topic = async (...args) => {
    const exporting = { ...env, OTEL_EXPORTER_OTLP_ENDPOINT: collector.url };
    const { stdout } = await runTenon(["topic", ...args, "--infra", infra], { env: exporting });
    return stdout.split("\n").filter((line) => line !== "");
  };

  assert.equal((await post("/parcels", { from: 0, count: 3 })).status, 200);
  const listed = await eventually("three dead letters", async () => {
    const lines = await topic("list");
    return lines.some((line) => line.includes("3 dead")) && lines;
  });
  assert.deepEqual(listed, ["parcels", "  parcels/deliver  0 waiting  3 dead"]);
  const letters = (await topic("dlq", "parcels/deliver", "--json")).map((line) => JSON.parse(line));
  assert.deepEqual(letters.map(({ message }) => message.number).sort(), [0, 1, 2]);

  assert.deepEqual(await topic("discard", "parcels/deliver", letters[0].messageId, "--yes"), ["1 discarded"]);
  await post("/road", { closed: false });
  const [line] = await topic("replay", "parcels/deliver", "--all", "--json");
  const { replayed, traceId } = JSON.parse(line);
  assert.equal(replayed, 2);
  await eventually("both delivered", async () => {
    const response = await fetch(`${app.gateway}/delivered`);
    return (await response.json()).deliveries === 2;
  });
  assert.match(collector.received(), new RegExp(traceId));
  assert.match(collector.received(), /replay parcels\/deliver/);
  assert.deepEqual(await topic("list"), ["parcels", "  parcels/deliver  0 waiting  0 dead"]);
}

/** Takes what is exported to it. */
async function startCollector() {
  let received = "";
  const server = createServer(async (request, response) => {
    for await (const chunk of request.setEncoding("utf8")) received += chunk;
    response.writeHead(200, { "content-type": "application/json" }).end("{}");
  });
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    url: `http://127.0.0.1:${server.address().port}`,
    received: () => received,
    close() {
      server.close();
      server.closeAllConnections();
    },
  };
}
