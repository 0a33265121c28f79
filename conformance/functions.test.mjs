// Functions do what processes that stay do: every form of answer through every front door, messages and ticks as events, and nothing is lost
// of what an answer leaves behind although the platform freezes the process then, and may end it.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { createServer } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import pg from "pg";
import { parse } from "yaml";
import { copyApp } from "./harness/app-copy.mjs";
import { eventually } from "./harness/eventually.mjs";
import { startInAzure } from "./harness/functions/app-in-azure.mjs";
import { startInGoogle } from "./harness/functions/app-in-google.mjs";
import { startInLambda } from "./harness/functions/app-in-lambda.mjs";
import { startLambda } from "./harness/functions/lambda-platform.mjs";
import { root, runTenon } from "./harness/tenon.mjs";

const { provisionDatabase } = await import(join(root, "packages/runtime/dist/index.js"));
const { startPostgres } = await import(join(root, "packages/tenon/dist/engines/postgres/start-postgres.js"));

const options = { isSplit: false, infra: { pubsub: [{ type: "push" }] } };

const doors = {
  "a function URL": (dir) => startInLambda(dir, options),
  "a function URL that streams": (dir) => startInLambda(dir, { ...options, isStreaming: true }),
  "an HTTP API with a stage": (dir) => startInLambda(dir, { ...options, door: "http-api" }),
  "a REST API": (dir) => startInLambda(dir, { ...options, door: "rest-api" }),
  "a load balancer": (dir) => startInLambda(dir, { ...options, door: "alb" }),
  "Google's functions framework": (dir) => startInGoogle(dir, options),
  "Azure Functions": (dir) => startInAzure(dir, options),
};
const streams = new Set(["a function URL that streams", "Google's functions framework", "Azure Functions"]);

let copy;
before(async () => {
  copy = await copyApp("conformance/apps/functions");
});
after(() => copy?.remove());

for (const [name, start] of Object.entries(doors)) {
  describe(`through ${name}`, () => {
    let app;
    before(async () => {
      app = await start(copy.dir);
    });
    after(() => app?.stop());

    test("raw endpoints have the request as it came, and their cookies arrive", async () => {
      const body = Buffer.from([0, 200, 255, 10]);
      const response = await fetch(`${app.gateway}/seen/a%20b?c=d%20e&c=f`, {
        method: "POST",
        headers: { cookie: "x=1; y=2", "content-type": "application/octet-stream" },
        body,
      });
      const seen = await response.json();
      assert.deepEqual(
        [seen.method, seen.url, seen.cookie, seen.body],
        ["POST", "/seen/a%20b?c=d%20e&c=f", "x=1; y=2", body.toString("base64")],
      );
      assert.equal(seen.forwardedFor, seen.client);
      assert.deepEqual(response.headers.getSetCookie(), ["a=1; Path=/; HttpOnly", "b=2%203; Max-Age=60"]);
    });

    test("bytes stay bytes", async () => {
      const response = await fetch(`${app.gateway}/bytes`);
      assert.deepEqual([...new Uint8Array(await response.arrayBuffer())], [0, 255, 254, 1]);
    });

    test("what is yielded arrives, piece by piece where the platform streams", async () => {
      const file = join(copy.dir, "go-on");
      if (!streams.has(name)) await writeFile(file, "");
      const response = await fetch(`${app.gateway}/parts?file=${encodeURIComponent(file)}`);
      let text = "";
      for await (const chunk of response.body) {
        text += Buffer.from(chunk).toString();
        if (text.includes('"part":1')) await writeFile(file, "");
      }
      await rm(file);
      assert.deepEqual(text.match(/"part":\d/g), ['"part":1', '"part":2']);
    });

    test("unknown paths are 404 as everywhere", async () => {
      const response = await fetch(`${app.gateway}/nowhere`);
      assert.deepEqual([response.status, (await response.json()).code], [404, "not_found"]);
    });
  });
}

describe("what comes beside HTTP", () => {
  let app;
  /** Of metrics. */
  let receiver;
  const pushes = [];
  before(async () => {
    receiver = createServer((request, response) => {
      pushes.push(`${request.method} ${request.url}`);
      request.resume().on("end", () => response.writeHead(204).end());
    });
    await new Promise((resolve) => receiver.listen(0, "127.0.0.1", resolve));
    const metrics = { type: "prometheus", remote_write_url: `http://127.0.0.1:${receiver.address().port}/write` };
    app = await startInLambda(copy.dir, { ...options, infra: { ...options.infra, metrics }, mostInstances: 1 });
  });
  after(async () => {
    await app?.stop();
    receiver?.close();
  });
  const lambda = () => app.units.get("app");

  test("metrics are pushed behind the first answer, and not by a clock", async () => {
    assert.deepEqual(pushes, []);
    assert.equal((await fetch(`${app.gateway}/bytes`)).status, 200);
    await eventually("a push", () => pushes.length > 0);
    assert.equal((await fetch(`${app.gateway}/bytes`)).status, 200);
    assert.deepEqual(pushes, ["POST /write"]);
  });

  test("messages of SQS: those that could not be handled come again, and nothing else", async () => {
    const record = (messageId, text, group) => ({
      messageId,
      body: JSON.stringify({ text, to: "ada" }),
      eventSource: "aws:sqs",
      eventSourceARN: "arn:aws:sqs:eu-central-1:1:letters",
      attributes: {
        ApproximateReceiveCount: "1",
        SentTimestamp: "1767225600000",
        ...(group && { MessageGroupId: group }),
      },
      messageAttributes: {},
    });
    const standard = await lambda().invoke({ Records: [record("1", "one"), record("2", "bad"), record("3", "three")] });
    assert.deepEqual(standard, { batchItemFailures: [{ itemIdentifier: "2" }] });
    const ordered = [
      record("4", "four", "a"),
      record("5", "bad", "a"),
      record("6", "six", "a"),
      record("7", "seven", "b"),
    ];
    assert.deepEqual(await lambda().invoke({ Records: ordered }), {
      batchItemFailures: [{ itemIdentifier: "5" }, { itemIdentifier: "6" }],
    });
    const { read } = await (await fetch(`${app.gateway}/state`)).json();
    assert.deepEqual(read.toSorted(), ["four", "one", "seven", "three"]);
  });

  test("a message that does not fit its type is refused, and one in SNS's envelope is taken out of it", async () => {
    const sns = (Message) => ({
      EventSource: "aws:sns",
      Sns: { MessageId: "8", TopicArn: "arn:aws:sns:eu:1:letters", Message, Timestamp: "2026-01-01T00:00:00Z" },
    });
    assert.equal(await lambda().invoke({ Records: [sns('{"text":"eight","to":"ada"}')] }), null);
    await assert.rejects(lambda().invoke({ Records: [sns('{"text":8}')] }), /was not handled/);
    const { read } = await (await fetch(`${app.gateway}/state`)).json();
    assert.ok(read.includes("eight"));
  });

  test("a tick runs its job once, however often it is told of", async () => {
    const tick = { tenon: { cron: "count", tick: "2026-01-01T04:00:00Z" } };
    assert.deepEqual(await lambda().invoke(tick), { outcome: "ran" });
    assert.deepEqual(await lambda().invoke({ tenon: { ...tick.tenon, tick: "2026-01-01T04:00:07Z" } }), {
      outcome: "taken",
    });
    assert.equal((await (await fetch(`${app.gateway}/state`)).json()).runs, 1);
  });
});

test("what an answer leaves behind is done before the process is frozen, and so outlives its end", async (t) => {
  let told = 0;
  const sink = createServer((request, response) => {
    told++;
    request.resume().once("end", () => response.end());
  });
  await new Promise((resolve) => sink.listen(0, "127.0.0.1", resolve));
  t.after(() => {
    sink.closeAllConnections();
    sink.close();
  });
  const app = await startInLambda(copy.dir, options);
  try {
    const response = await fetch(`${app.gateway}/leave`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ address: `http://127.0.0.1:${sink.address().port}/` }),
    });
    assert.deepEqual(await response.json(), { left: true });
  } finally {
    await app.stop();
  }
  assert.equal(told, 1);
});

test("a message of a transaction has left the outbox when the process is frozen behind the answer", async (t) => {
  const outbox = await copyApp("conformance/apps/outbox");
  const folder = await mkdtemp(join(tmpdir(), "tenon-functions-"));
  const server = await startPostgres({ dataDir: join(folder, "pg") });
  t.after(async () => {
    await server.stop();
    await outbox.remove();
    await rm(folder, { recursive: true, force: true });
  });
  const env = {};
  for (const database of ["orders", "books", "tenon_messages"]) {
    const { connectionString } = await provisionDatabase(server.adminUrl, { database, role: database });
    env[`${database.toUpperCase()}_DATABASE_URL`] = connectionString;
  }
  const buildDir = join(outbox.dir, ".tenon/build");
  assert.equal((await runTenon(["build", outbox.dir])).code, 0);
  assert.equal((await runTenon(["migrate", buildDir], { env })).code, 0);
  const app = await startInLambda(outbox.dir, { env, isSplit: false });
  try {
    for (const id of ["a", "b"]) {
      const placed = await fetch(`${app.gateway}/orders`, {
        method: "POST",
        headers: { "content-type": "application/json" },
        body: JSON.stringify({ ids: [id], customer: "ada" }),
      });
      assert.equal(placed.status, 200, await placed.text());
    }
  } finally {
    await app.stop();
  }
  const count = async (database, table) => {
    const client = new pg.Client({ connectionString: env[`${database}_DATABASE_URL`] });
    await client.connect();
    const { rows } = await client.query(`SELECT count(*)::int AS count FROM ${table}`);
    await client.end();
    return rows[0].count;
  };
  assert.equal(await count("ORDERS", "tenon_outbox.message"), 0);
  assert.equal(await count("TENON_MESSAGES", "tenon_messages.delivery"), 2);
});

test("CloudEvents of Pub/Sub bring messages and ticks to Google's event functions", async () => {
  const app = await startInGoogle(copy.dir, { ...options, target: "events" });
  const send = (message) =>
    fetch(app.gateway, {
      method: "POST",
      headers: {
        "content-type": "application/json",
        "ce-specversion": "1.0",
        "ce-id": message.messageId,
        "ce-type": "google.cloud.pubsub.topic.v1.messagePublished",
        "ce-source": "//pubsub.googleapis.com/projects/p/topics/letters",
      },
      body: JSON.stringify({ message: { publishTime: "2026-01-01T04:00:01Z", ...message } }),
    });
  const data = (value) => Buffer.from(JSON.stringify(value)).toString("base64");
  try {
    assert.equal((await send({ messageId: "1", data: data({ text: "one", to: "ada" }) })).status, 204);
    assert.equal((await send({ messageId: "2", data: data({ text: "bad", to: "ada" }) })).status, 500);
    assert.equal((await send({ messageId: "3", attributes: { "tenon-cron": "count" } })).status, 204);
    await eventually("the failure to be told", () => app.output().includes("nobody reads that to ada"));
  } finally {
    await app.stop();
  }
});

describe("what tenon deploy writes", () => {
  const deploy = async (target) => {
    const out = join(copy.dir, "deploy", target);
    const { code, stdout, stderr } = await runTenon(["deploy", target, copy.dir, "--placement", "single"]);
    assert.equal(code, 0, stdout + stderr);
    return out;
  };

  test("for AWS Lambda, packed by its script, runs with the variables of its template", async () => {
    const out = await deploy("lambda");
    const packed = spawnSync("sh", ["package.sh", copy.dir], { cwd: out, encoding: "utf8", timeout: 120_000 });
    assert.equal(packed.status, 0, packed.stdout + packed.stderr);
    const { Resources: resources } = parse(await readFile(join(out, "template.yaml"), "utf8"));
    const { Code: code, Handler: handler, Environment: environment } = resources.AppFunction.Properties;
    const env = () => environment.Variables;
    const lambda = await startLambda({ dir: join(out, code), handler, env, mostInstances: 1 });
    try {
      const body = JSON.stringify({ text: "one", to: "ada" });
      const attributes = { ApproximateReceiveCount: "1", SentTimestamp: "1767225600000" };
      const eventSourceARN = resources.AppLettersReadQueue.Properties.EventSourceArn;
      const record = {
        messageId: "1",
        body,
        eventSource: "aws:sqs",
        eventSourceARN,
        attributes,
        messageAttributes: {},
      };
      assert.deepEqual(await lambda.invoke({ Records: [record] }), { batchItemFailures: [] });
      const tick = resources.AppCountSchedule.Properties.Target.Input.replace(
        "<aws.scheduler.scheduled-time>",
        "2026-01-01T04:00:00Z",
      );
      assert.deepEqual(await lambda.invoke(JSON.parse(tick)), { outcome: "ran" });
      assert.deepEqual(await (await fetch(`${lambda.url}/state`)).json(), { read: ["one"], runs: 1 });
    } finally {
      await lambda.stop();
    }
  });

  for (const target of ["gcf", "azure-functions"]) {
    test(`for ${target}: scripts that a shell can read, and entries that Node can`, async () => {
      const out = await deploy(target);
      for (const script of ["package.sh", "deploy.sh"]) {
        const { status, stderr } = spawnSync("sh", ["-n", script], { cwd: out, encoding: "utf8" });
        assert.equal(status, 0, stderr);
      }
      const entry = target === "gcf" ? "index.js" : "apps/app.mjs";
      const { status, stderr } = spawnSync(process.execPath, ["--check", entry], { cwd: out, encoding: "utf8" });
      assert.equal(status, 0, stderr);
    });
  }
});
