// `tenon topic --infra`: the dead letters of a production, asked of the engine that infra.json names. There is no dashboard there.
import assert from "node:assert/strict";
import { writeFile } from "node:fs/promises";
import { createServer } from "node:http";
import { join } from "node:path";
import { test } from "node:test";
import { copyApp } from "./harness/app-copy.mjs";
import { eventually } from "./harness/eventually.mjs";
import { startBuild } from "./harness/start.mjs";
import { root, runTenon } from "./harness/tenon.mjs";

const { startPostgres } = await import(join(root, "packages/tenon/dist/engines/postgres/start-postgres.js"));
const { provisionDatabase } = await import(join(root, "packages/runtime/dist/index.js"));

test("a production's dead letters are listed, replayed with a trace, and thrown away", async (t) => {
  const copy = await copyApp("conformance/apps/letters");
  t.after(() => copy.remove());
  const server = await startPostgres({ dataDir: join(copy.dir, "postgres") });
  t.after(() => server.stop());
  const provisioned = await provisionDatabase(server.adminUrl, { database: "messages", role: "messages" });
  const infra = join(copy.dir, "infra.json");
  const pubsub = [{ type: "postgres", connection_string: { $env: "MESSAGES_URL" } }];
  await writeFile(infra, JSON.stringify({ pubsub }));
  const env = { MESSAGES_URL: provisioned.connectionString };
  const built = await runTenon(["build", copy.dir, "-o", join(copy.dir, "out")]);
  assert.equal(built.code, 0, built.stderr);
  const app = await startBuild(join(copy.dir, "out"), { cwd: copy.dir, env: { ...env, TENON_INFRA: infra } });
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
});

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
