// Pub/Sub as the broker, read from the files as they are written: roles on single topics and subscriptions follow from the edges of the graph.
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { Graph } from "@tenon/model";
import { sampleGraph, topic } from "../../../deployment/sample-graph.test.support.ts";
import { render } from "../render.ts";
import { type Body, configurationOf, resourcesOf, sampleInput } from "../terraform.test.support.ts";

/** One topic in order, and one without. */
const graph: Graph = {
  ...sampleGraph,
  topics: [...sampleGraph.topics!, { ...topic("stock-moves", ["worker"], ["media"]), orderingAttribute: "item" }],
};
const input = sampleInput("google", "per-service", { broker: "managed" }, graph);
const all = configurationOf(input);

function rolesOn(kind: "topic" | "subscription"): Record<string, string[]> {
  const found: Record<string, string[]> = {};
  for (const [, body] of resourcesOf(all, `google_pubsub_${kind}_iam_member`)) {
    const unit = /google_service_account\.(\w+)\.email/.exec(String(body["member"]))?.[1] ?? "pubsub";
    const on = /google_pubsub_\w+\.(\w+)\.name/.exec(String(body[kind]))![1]!;
    found[unit] = [...(found[unit] ?? []), `${String(body["role"]).replace("roles/pubsub.", "")} ${on}`].sort();
  }
  return found;
}

describe("roles on Pub/Sub", () => {
  it("let a process publish where its code does, where a shared database does, and where it takes from", () => {
    assert.deepEqual(rolesOn("topic"), {
      billing: ["publisher placed", "publisher placed_placed_billing_dead"],
      media: ["publisher stock_moves", "publisher stock_moves_stock_moves_media_dead"],
      orders: ["publisher placed"],
      pubsub: [
        "publisher placed_placed_billing_dead",
        "publisher placed_placed_worker_dead",
        "publisher stock_moves_stock_moves_media_dead",
      ],
      worker: ["publisher placed", "publisher placed_placed_worker_dead", "publisher stock_moves"],
    });
  });

  it("let a process take from its own subscriptions", () => {
    assert.deepEqual(rolesOn("subscription"), {
      billing: ["subscriber placed_placed_billing", "viewer placed_placed_billing"],
      media: ["subscriber stock_moves_stock_moves_media", "viewer stock_moves_stock_moves_media"],
      pubsub: [
        "subscriber placed_placed_billing",
        "subscriber placed_placed_worker",
        "subscriber stock_moves_stock_moves_media",
      ],
      worker: ["subscriber placed_placed_worker", "viewer placed_placed_worker"],
    });
  });

  it("are none on the whole project", () => {
    const types = Object.keys(all.resource).filter((type) => /_iam_(member|binding|policy)$/.test(type));
    assert.ok(types.every((type) => !/project|folder|organization/.test(type)));
  });
});

describe("topics and subscriptions", () => {
  it("keep messages for a month, do not end, and count deliveries", () => {
    for (const [name, body] of resourcesOf(all, "google_pubsub_subscription")) {
      assert.equal(body["message_retention_duration"], "2678400s", name);
      assert.deepEqual(body["expiration_policy"], [{ ttl: "" }], name);
      if (name.endsWith("_dead")) continue;
      const dead = { dead_letter_topic: `\${google_pubsub_topic.${name}_dead.id}`, max_delivery_attempts: 100 };
      assert.deepEqual(body["dead_letter_policy"], [dead], name);
      assert.equal(body["enable_message_ordering"], name.startsWith("stock_moves"), name);
      assert.equal(body["filter"], undefined, "another filter would make another subscription, without what waits");
    }
  });

  it("are there before a process that uses topics starts", () => {
    const waiting = resourcesOf(all, "google_cloud_run_v2_service").filter(([, body]) =>
      (body["depends_on"] as string[]).includes("terraform_data.subscribed"),
    );
    assert.deepEqual(
      waiting.map(([name]) => name),
      ["billing", "media", "orders", "worker"],
    );
  });
});

describe("a process with Pub/Sub", () => {
  it("is told its own topics and subscriptions", () => {
    const { pubsub } = all.locals["infra_media"] as { pubsub: [Body] };
    assert.deepEqual(pubsub[0], {
      type: "gcp_pubsub",
      project_id: `\${var.project}`,
      topics: {
        "stock-moves": {
          name: `\${google_pubsub_topic.stock_moves.name}`,
          subscriptions: {
            "stock-moves-media": {
              name: `\${google_pubsub_subscription.stock_moves_stock_moves_media.name}`,
              dead_letter: {
                topic: `\${google_pubsub_topic.stock_moves_stock_moves_media_dead.name}`,
                subscription: `\${google_pubsub_subscription.stock_moves_stock_moves_media_dead.name}`,
              },
            },
          },
        },
      },
    });
  });

  it("has no password of a database for messages", () => {
    const text = render(input)
      .map((file) => file.text)
      .join("\n");
    assert.doesNotMatch(text, /tenon_messages|TENON_MESSAGES/);
  });
});

it("a topic whose messages count exactly once is refused", () => {
  const topics = sampleGraph.topics!.map((one) => ({ ...one, deliveryGuarantee: "exactly-once" as const }));
  const exact = sampleInput("google", "per-service", { broker: "managed" }, { ...sampleGraph, topics });
  assert.throws(() => render(exact), { code: "target_unable", message: /Pub\/Sub delivers a message at least once/ });
});
