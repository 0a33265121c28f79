// Engines by infra.json alone: a build carries those that the app has installed and runs where nothing is; what is missing or cannot keep
// what it promises is said at start.
import assert from "node:assert/strict";
import { cp, mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { copyApp } from "../harness/app-copy.mjs";
import {
  awsEnvironment,
  awsServerMissing,
  lambdaEvent,
  makeSubscription,
  makeTopic,
  peek,
  startAwsServer,
} from "../harness/aws-server.mjs";
import { eventually } from "../harness/eventually.mjs";
import { startInLambda } from "../harness/functions/app-in-lambda.mjs";
import { natsServerMissing, startNatsServer } from "../harness/nats-server.mjs";
import { nsqdMissing, startNsqd } from "../harness/nsqd.mjs";
import { redisServerMissing, startRedisServer } from "../harness/redis-server.mjs";
import { startBuild } from "../harness/start.mjs";
import { runTenon } from "../harness/tenon.mjs";

describe("an engine named in infra.json", () => {
  let copy;
  /** Outside of the checkout: nothing is installed there or above. */
  let folder;
  const build = () => join(folder, "build");

  before(async () => {
    copy = await copyApp("conformance/apps/engines");
    folder = await mkdtemp(join(tmpdir(), "tenon-engines-"));
    const built = await runTenon(["build", copy.dir, "--no-check"]);
    assert.equal(built.code, 0, built.stderr);
    await cp(join(copy.dir, ".tenon/build"), build(), { recursive: true });
  });
  after(async () => {
    await copy?.remove();
    await rm(folder, { recursive: true, force: true });
  });

  async function infraWith(engine) {
    const file = join(folder, "infra.json");
    await writeFile(file, JSON.stringify({ pubsub: [engine] }));
    return { TENON_INFRA: file };
  }

  /** Resolves with what the app printed. */
  async function carriesAMessage(engine, env = {}) {
    const app = await startBuild(build(), { cwd: folder, env: { ...env, ...(await infraWith(engine)) } });
    try {
      const body = JSON.stringify({ text: "hello" });
      const headers = { "content-type": "application/json" };
      const answer = await fetch(`${app.gateway}/pings`, { method: "POST", headers, body });
      assert.equal(answer.status, 200, await answer.text());
      await eventually("the message", async () => {
        const { seen } = await (await fetch(`${app.gateway}/pings`)).json();
        return seen.length > 0 && assert.deepEqual(seen, ["hello"]) === undefined;
      });
    } finally {
      await app.stop();
    }
    return app.output();
  }

  async function refusalOf(engine) {
    const { code, stderr } = await runTenon(["start", build(), "--port", "0"], {
      cwd: folder,
      env: await infraWith(engine),
    });
    assert.notEqual(code, 0);
    return stderr;
  }

  test("is part of the build", async () => {
    assert.deepEqual((await readdir(join(build(), "runtime/engines"))).sort(), [
      "tenon-aws-sns-sqs.js",
      "tenon-gcp-pubsub.js",
      "tenon-nats.js",
      "tenon-nsq.js",
      "tenon-redis-streams.js",
    ]);
  });

  test("carries messages: NATS", { skip: natsServerMissing }, async () => {
    const server = await startNatsServer();
    try {
      await carriesAMessage({ type: "nats", servers: { $env: "NATS" }, prefix: "shop" }, { NATS: server.url });
    } finally {
      await server.stop();
    }
  });

  test("carries messages: Redis, if it keeps what it answers", { skip: redisServerMissing }, async () => {
    const server = await startRedisServer({ appendfsync: "everysec" });
    const host = `127.0.0.1:${server.port}`;
    try {
      const refusal = await refusalOf({ type: "redis", host });
      assert.match(refusal, /guarantee_impossible/);
      assert.match(refusal, /appendfsync everysec.*set `appendfsync always`/);
      await carriesAMessage({ type: "redis", host, durability: "assumed" });
    } finally {
      await server.stop();
    }
  });

  test("carries messages: NSQ, which says what it may lose", { skip: nsqdMissing }, async () => {
    const server = await startNsqd();
    const nsq = { type: "nsq", hosts: server.host, http_hosts: server.httpHost };
    try {
      assert.match(
        await refusalOf({ ...nsq, topics: {} }),
        /infra_incomplete[\s\S]*topic "pings": pubsub\[0\]\.topics\.pings/,
      );
      const topics = { pings: { name: "shop-pings", subscriptions: { answer: { name: "answer" } } } };
      const output = await carriesAMessage({ ...nsq, topics });
      assert.match(output, /what is under way.*loses it when it is killed.*--mem-queue-size=0/);
    } finally {
      await server.stop();
    }
  });

  test("carries messages: Amazon SNS and SQS, through processes and functions", {
    skip: awsServerMissing,
  }, async () => {
    const server = await startAwsServer();
    try {
      const arn = await makeTopic(server, "pings", false);
      const { queue } = await makeSubscription(server, arn, "pings-answer");
      const aws = { type: "aws_sns_sqs", endpoint: server.url, wait_seconds: 0 };
      const topics = { pings: { arn, subscriptions: { answer: { url: queue.url } } } };
      assert.match(
        await refusalOf({ ...aws, topics: {} }),
        /infra_incomplete[\s\S]*topic "pings": pubsub\[0\]\.topics\.pings/,
      );
      await carriesAMessage({ ...aws, topics }, awsEnvironment);

      const infra = { pubsub: [{ ...aws, topics }] };
      const app = await startInLambda(copy.dir, { isSplit: false, infra, env: awsEnvironment });
      try {
        const headers = { "content-type": "application/json" };
        const published = await fetch(`${app.gateway}/pings`, { method: "POST", headers, body: '{"text":"hi"}' });
        assert.equal(published.status, 200, await published.text());
        const event = lambdaEvent(await peek(server, queue.url), queue.arn);
        assert.deepEqual(await app.units.get("app").invoke(event), { batchItemFailures: [] });
        assert.deepEqual(await (await fetch(`${app.gateway}/pings`)).json(), { seen: ["hi"] });
      } finally {
        await app.stop();
      }
    } finally {
      await server.stop();
    }
  });

  test("may be anybody's: a module beside infra.json, with settings of its own", async () => {
    await writeFile(join(folder, "my-engine.mjs"), lettersInMemory);
    await carriesAMessage(
      { type: "module", module: "./my-engine.mjs", greeting: { $env: "GREETING" } },
      { GREETING: "hi" },
    );
  });

  test("that is not there is said with what to do", async () => {
    const missing = await refusalOf({ type: "module", module: "@nobody/engine" });
    assert.match(missing, /engine_missing.*@nobody\/engine/);
    assert.match(missing, /npm install @nobody\/engine/);
    await writeFile(join(folder, "no-engine.mjs"), "export const nothing = 1;\n");
    const unusable = await refusalOf({ type: "module", module: "./no-engine.mjs" });
    assert.match(unusable, /engine_unusable.*createBroker/);
  });

  test("whose server is away is said so", { skip: redisServerMissing }, async () => {
    const server = await startRedisServer();
    await server.kill();
    assert.match(await refusalOf({ type: "redis", url: server.url }), /broker_unavailable/);
    await server.stop();
  });
});

/** The least that answers to the interface: enough to see that it is loaded and given its settings. */
const lettersInMemory = `
export function createTopicControl() {
  throw new Error("nobody asks for it here");
}
export function createBroker({ greeting }) {
  if (greeting !== "hi") throw new Error("no greeting");
  const receivers = [];
  return {
    system: "memory",
    async declare() {},
    async publish(topic, messages) {
      for (const message of messages) {
        const delivery = { ...message, publishedAt: new Date(), attempt: 1, replayTraceparent: null,
          signal: new AbortController().signal, extend: async () => {} };
        for (const receiver of receivers) void receiver.deliver(delivery);
      }
    },
    consume(subscription, receiver) {
      receivers.push(receiver);
      return { stop: async () => {} };
    },
    async close() {},
  };
}
`;
