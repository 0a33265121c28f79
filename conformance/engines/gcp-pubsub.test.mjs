// The suite of engines on Google's fake of Pub/Sub, what is refused of a subscription that is made wrongly, and functions that publish and take.
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import * as adapter from "@tenon/gcp-pubsub";
import { testEngine } from "@tenon/runtime/engine-suite";
import { copyApp } from "../harness/app-copy.mjs";
import { eventually } from "../harness/eventually.mjs";
import { startInGoogle } from "../harness/functions/app-in-google.mjs";
import { pubsubPeerMissing, startPubsubPeer } from "../harness/pubsub-peer.mjs";
import { startBuild } from "../harness/start.mjs";
import { runTenon } from "../harness/tenon.mjs";

let server;
let places = 0;

before(async () => {
  if (!pubsubPeerMissing) server = await startPubsubPeer();
});
after(() => server?.stop());

function placeWithout(subscriptions = {}) {
  const projectId = `place-${++places}`;
  return {
    projectId,
    endpoint: server.url,
    monitoringEndpoint: server.url,
    topics: { orders: { name: "orders", subscriptions } },
  };
}

/** As Terraform makes it: nothing that is there is changed. */
async function prepare({ projectId, topics }, { isOrdered, subscriptions }) {
  const topic = `projects/${projectId}/topics/orders`;
  await server.create(topic);
  for (const { name } of subscriptions) {
    const dead = `orders-${name}-dead`;
    const deadTopic = `projects/${projectId}/topics/${dead}`;
    await server.create(deadTopic);
    await server.create(`projects/${projectId}/subscriptions/${dead}`, { topic: deadTopic, ackDeadlineSeconds: 60 });
    await server.create(`projects/${projectId}/subscriptions/orders-${name}`, {
      topic,
      ackDeadlineSeconds: 10,
      enableMessageOrdering: isOrdered,
      deadLetterPolicy: { deadLetterTopic: deadTopic, maxDeliveryAttempts: 100 },
    });
    topics.orders.subscriptions[name] = { name: `orders-${name}`, deadLetter: { topic: dead, subscription: dead } };
  }
}

testEngine({
  name: "Google Pub/Sub",
  adapter,
  newPlace: async () => placeWithout(),
  prepare,
  cannot: ["order-changes", "repeats", "exactly-once", "uncounted-ordered-interruptions"],
  skip: pubsubPeerMissing,
});

const spec = {
  topic: "orders",
  name: "mail",
  isOrdered: false,
  filter: null,
  maxConcurrency: 10,
  ackDeadlineMs: 30_000,
  messageRetentionMs: 600_000,
  retryPolicy: { minBackoffMs: 10, maxBackoffMs: 20, maxRetries: 2 },
};
const topicOf = (subscription) => ({
  name: "orders",
  isOrdered: subscription.isOrdered,
  deliveryGuarantee: "at-least-once",
  subscriptions: [subscription],
});

describe("a subscription of Google Cloud", { skip: pubsubPeerMissing }, () => {
  test("that does not exist, or is made wrongly, is told of at the start", async () => {
    const place = placeWithout({ mail: { name: "orders-mail" } });
    const broker = adapter.createBroker(place);
    const topic = `projects/${place.projectId}/topics/orders`;
    await server.create(topic);
    await assert.rejects(broker.declare([topicOf(spec)]), /NOT_FOUND.*orders-mail/);
    await server.create(`projects/${place.projectId}/subscriptions/orders-mail`, { topic, ackDeadlineSeconds: 10 });
    await assert.rejects(broker.declare([topicOf(spec)]), { code: "engine_cannot", message: /dead_letter_policy/ });
  });

  test("that is pushed is nobody's to pull, and its topic can be published to", async () => {
    const place = placeWithout({ mail: { name: "orders-mail", isPushed: true } });
    const broker = adapter.createBroker(place);
    await server.create(`projects/${place.projectId}/topics/orders`);
    await broker.declare([topicOf(spec)]);
    await broker.publish("orders", [
      {
        id: "1",
        payload: "{}",
        attributes: {},
        orderingKey: null,
        traceparent: "",
        deliverAt: null,
        mayBeRepeat: false,
      },
    ]);
    assert.throws(() => broker.consume(spec, {}), { code: "engine_cannot", message: /push_config/ });
  });

  test("is left alone by a process that does not name it", async () => {
    const broker = adapter.createBroker(placeWithout());
    await broker.declare([topicOf(spec), { ...topicOf(spec), name: "others" }]);
    assert.throws(() => broker.consume(spec, {}), { code: "engine_cannot", message: /does not name "mail"/ });
    await assert.rejects(broker.publish("others", []), { code: "engine_cannot", message: /does not name "others"/ });
  });
});

let copy;
before(async () => {
  copy = await copyApp("conformance/apps/engines");
});
after(() => copy?.remove());

describe("an app", { skip: pubsubPeerMissing }, () => {
  test("that stays publishes and takes by infra.json alone", async () => {
    const place = placeWithout();
    const { projectId: project_id } = place;
    const subscription = { ...spec, topic: "orders", name: "answer", messageRetentionMs: 7 * 86_400_000 };
    await prepare(place, topicOf(subscription));
    const { orders } = place.topics;
    const answer = { name: orders.subscriptions.answer.name, dead_letter: orders.subscriptions.answer.deadLetter };
    const topics = { pings: { name: "orders", subscriptions: { answer } } };
    const infra = { pubsub: [{ type: "gcp_pubsub", project_id, endpoint: server.url, topics }] };
    const built = await runTenon(["build", copy.dir, "--no-check"]);
    assert.equal(built.code, 0, built.stderr);
    const env = { TENON_INFRA: JSON.stringify(infra) };
    const app = await startBuild(join(copy.dir, ".tenon/build"), { cwd: copy.dir, env });
    try {
      const headers = { "content-type": "application/json" };
      const sent = await fetch(`${app.gateway}/pings`, { method: "POST", headers, body: '{"text":"hello"}' });
      assert.equal(sent.status, 200, await sent.text());
      const seen = await eventually("the message", async () => {
        const { seen } = await (await fetch(`${app.gateway}/pings`)).json();
        return seen.length > 0 && seen;
      });
      assert.deepEqual(seen, ["hello"]);
    } finally {
      await app.stop();
    }
  });

  test("in functions publishes through Pub/Sub, and takes what was published", async () => {
    const subscription = "projects/functions/subscriptions/pings-answer";
    const topic = "projects/functions/topics/pings";
    await server.create(topic);
    await server.create(subscription, { topic, ackDeadlineSeconds: 10 });
    const infra = {
      pubsub: [
        {
          type: "gcp_pubsub",
          project_id: "functions",
          endpoint: server.url,
          topics: { pings: { name: "pings", subscriptions: { answer: { name: "pings-answer", push_config: {} } } } },
        },
      ],
    };
    const publisher = await startInGoogle(copy.dir, { infra, isSplit: false });
    try {
      const headers = { "content-type": "application/json" };
      const answer = await fetch(`${publisher.gateway}/pings`, { method: "POST", headers, body: '{"text":"hello"}' });
      assert.equal(answer.status, 200, await answer.text());
    } finally {
      await publisher.stop();
    }
    const message = await eventually("the message", async () => {
      const answer = await fetch(`${server.url}/v1/${subscription}:pull`, {
        method: "POST",
        body: '{"maxMessages":1}',
      });
      return (await answer.json()).receivedMessages?.[0].message;
    });
    const taker = await startInGoogle(copy.dir, { infra, isSplit: false, target: "events" });
    const send = (changes) =>
      fetch(taker.gateway, {
        method: "POST",
        headers: {
          "content-type": "application/json",
          "ce-specversion": "1.0",
          "ce-id": message.messageId,
          "ce-type": "google.cloud.pubsub.topic.v1.messagePublished",
          "ce-source": `//pubsub.googleapis.com/${topic}`,
        },
        body: JSON.stringify({
          message: { ...message, attributes: { ...message.attributes, ...changes } },
          subscription,
        }),
      });
    try {
      assert.equal((await send({})).status, 204);
      assert.equal((await send({ "tenon-for": "another" })).status, 204);
      const early = await send({ "tenon-deliver-at": String(Date.now() + 600_000) });
      assert.equal(early.status, 500);
      await eventually("the reason", () =>
        taker.output().includes(`${message.attributes["tenon-id"]} for pings/answer is not due before`),
      );
    } finally {
      await taker.stop();
    }
  });
});

describe("infra.json", () => {
  test("that does not name a subscription of the process is incomplete", async () => {
    const infra = { pubsub: [{ type: "gcp_pubsub", project_id: "p", topics: { pings: { name: "pings" } } }] };
    const { code, stdout, stderr } = await runTenon(["infra", "check", copy.dir], {
      env: { TENON_INFRA: JSON.stringify(infra) },
    });
    assert.notEqual(code, 0);
    assert.match(
      stdout + stderr,
      /subscription "pings\/answer"[^\n]*pubsub\[0\]\.topics\.pings\.subscriptions\.answer/,
    );
  });

  test("is written with the names of topics and subscriptions, and complete with the variables it names", async () => {
    const file = join(copy.dir, "google.json");
    const init = await runTenon(["infra", "init", copy.dir, "--broker", "gcp_pubsub", "--output", file]);
    assert.equal(init.code, 0, init.stderr);
    const [{ topics }] = JSON.parse(await readFile(file, "utf8")).pubsub;
    const dead = "pings-answer-dead";
    assert.deepEqual(topics, {
      pings: {
        name: "pings",
        subscriptions: { answer: { name: "pings-answer", dead_letter: { topic: dead, subscription: dead } } },
      },
    });
    const env = { GOOGLE_CLOUD_PROJECT: "p", API_BASE_URL: "https://api.example.com" };
    const check = await runTenon(["infra", "check", copy.dir, "--infra", file], { env });
    assert.equal(check.code, 0, check.stdout + check.stderr);
  });
});
