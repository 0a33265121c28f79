// What `tenon deploy terraform --broker managed` writes, made at a stand-in for the cloud, with processes that publish and take by the infra.json that
// each of them has.
import assert from "node:assert/strict";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { eventually } from "./eventually.mjs";
import { root } from "./tenon.mjs";

const { configurationOf, sampleInput } = await import(
  join(root, "packages/deploy/dist/targets/terraform/terraform.test.support.js")
);
const { resolveInfra } = await import(join(root, "packages/tenon/dist/start/infra.js"));

const usual = sampleInput("aws").graph;
const [placed] = usual.topics;
const taken = { ...placed.subscriptions[0], name: "moves-media", service: "media" };
const moves = { ...placed, name: "moves", publishers: ["worker"], subscriptions: [taken], orderingAttribute: "item" };
/** Of the sample app, with a topic more that has an order. */
const graph = { ...usual, topics: [moves, placed] };

/**
 * `make` makes what stands in the configuration, and gives what is in place of its expressions ("aws_sns_topic.placed.arn" -> value), the engine's
 * broker for settings of infra.json, how many dead letters a subscription has by its name in Terraform, and how all of it ends.
 * @param {{ cloud: string, skip: string | false, make(all: object): Promise<{
 *   made: Map<string, string>,
 *   open(settings: object): import("@tenon/runtime/engine").Broker,
 *   deadLetters(subscription: string): Promise<number>,
 *   stop(): Promise<void>,
 * }> }} options
 */
export function testTerraformBroker({ cloud, skip, make }) {
  const all = configurationOf(sampleInput(cloud, "per-service", { broker: "managed" }, graph));

  describe(`the broker of Terraform on ${cloud}`, { skip }, () => {
    let place;
    before(async () => {
      place = await make(all);
    });
    after(() => place?.stop());

    /** Of a process, by the `pubsub` of its infra.json. */
    async function brokerOf(t, unit) {
      const { pubsub } = filledIn(all.locals[`infra_${unit}`], place.made);
      const { infra, values } = await resolveInfra({ pubsub }, { environment: {}, folder: root });
      assert.deepEqual(values.problems, []);
      const broker = place.open(infra.messaging.settings);
      t.after(() => broker.close());
      await broker.declare(graph.topics.map(specOf));
      return broker;
    }

    test("a message goes from one process to the subscriptions of others, each with its own places", async (t) => {
      const units = ["orders", "worker", "billing"];
      const [orders, worker, billing] = await Promise.all(units.map((unit) => brokerOf(t, unit)));
      const byWorker = consume(t, worker, placed, "placed-worker", { kind: "handled" });
      consume(t, billing, placed, "placed-billing", { kind: "refused", reason: "no such customer" });
      await orders.publish("placed", [messageOf(1, null)]);
      await eventually("the worker's message", () => byWorker.length > 0);
      assert.deepEqual(byWorker, [{ n: 1 }]);
      const isDead = async () => (await place.deadLetters("placed_placed_billing")) === 1;
      await eventually("the dead letter of billing", isDead);
    });

    test("messages of an ordered topic come in their order", async (t) => {
      const [worker, media] = await Promise.all(["worker", "media"].map((unit) => brokerOf(t, unit)));
      const byMedia = consume(t, media, moves, "moves-media", { kind: "handled" });
      await worker.publish(
        "moves",
        [1, 2, 3].map((n) => messageOf(n, "screws")),
      );
      await eventually("the messages of media", () => byMedia.length === 3);
      assert.deepEqual(byMedia, [{ n: 1 }, { n: 2 }, { n: 3 }]);
    });

    test("what a process has no place for it can't publish to", async (t) => {
      const media = await brokerOf(t, "media");
      await assert.rejects(media.publish("placed", [messageOf(1, null)]), { code: "engine_cannot", message: /placed/ });
    });
  });
}

/** With what Terraform would put in place of expressions; the app's name for what nobody has made. */
export function filledIn(value, made) {
  const text = JSON.stringify(value).replaceAll(/\$\{([^}]*)\}/g, (_, name) => made.get(name) ?? "shop");
  return JSON.parse(text);
}

function consume(t, broker, topic, name, outcome) {
  const spec = specOf(topic).subscriptions.find((one) => one.name === name);
  const seen = [];
  const deliver = async ({ payload }) => {
    seen.push(JSON.parse(payload));
    return outcome;
  };
  const consumer = broker.consume(spec, { deliver, bury: async () => {} });
  t.after(() => consumer.stop(1_000));
  return seen;
}

function specOf({ name, orderingAttribute, deliveryGuarantee, subscriptions }) {
  const isOrdered = orderingAttribute !== undefined;
  return {
    name,
    isOrdered,
    deliveryGuarantee,
    subscriptions: subscriptions.map((one) => ({ ...one, topic: name, isOrdered, filter: null, maxConcurrency: 10 })),
  };
}

function messageOf(n, orderingKey) {
  return {
    id: `00000000-0000-4000-8000-00000000000${n}`,
    payload: JSON.stringify({ n }),
    attributes: {},
    orderingKey,
    traceparent: "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
    deliverAt: null,
    mayBeRepeat: false,
  };
}
