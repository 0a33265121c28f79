// SNS and SQS as the broker, read from the files as they are written: what a process may do with topics and queues follows from the edges of the graph,
// each on single ones, and messages of a queue come from its topic alone.
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { Graph } from "@tenon/model";
import { sampleGraph, service, topic } from "../../../deployment/sample-graph.test.support.ts";
import { nextSteps } from "../next-steps.ts";
import { render } from "../render.ts";
import { terraformTarget } from "../target.ts";
import { type Body, configurationOf, resourcesOf, sampleInput } from "../terraform.test.support.ts";

interface Statement {
  readonly sid: string;
  readonly actions: readonly string[];
  readonly resources: readonly string[];
}

/** One topic in order, and one without. */
const graph: Graph = {
  ...sampleGraph,
  services: [...sampleGraph.services, service("ledger-keeper", { databases: ["ledger"] })],
  topics: [...sampleGraph.topics!, { ...topic("stock-moves", ["worker"], ["media"]), orderingAttribute: "item" }],
};
const managed = { broker: "managed" };
const input = sampleInput("aws", "per-service", managed, graph);
const all = configurationOf(input);

function rights(unit: string): Record<string, readonly string[]> {
  const statements = (all.data["aws_iam_policy_document"]?.[unit]?.["statement"] ?? []) as Statement[];
  const ofBroker = statements.filter(({ actions }) => actions.some((action) => /^(sns|sqs):/.test(action)));
  const found: Record<string, readonly string[]> = {};
  for (const { actions, resources } of ofBroker) {
    for (const one of resources) found[one] = [...(found[one] ?? []), ...actions];
  }
  return found;
}

const topicArn = (name: string) => `\${aws_sns_topic.${name}.arn}`;
const queueArn = (name: string) => `\${aws_sqs_queue.${name}.arn}`;
const publish = ["sns:Publish"];
const take = ["sqs:ChangeMessageVisibility", "sqs:DeleteMessage", "sqs:GetQueueAttributes", "sqs:ReceiveMessage"];
const put = ["sqs:SendMessage"];

describe("rights on SNS and SQS", () => {
  it("are to publish to the topics of the process's code, and of databases that it shares", () => {
    assert.deepEqual(rights("orders"), { [topicArn("placed")]: publish });
    // It shares the ledger with orders, whose transactions leave messages there.
    assert.deepEqual(rights("billing"), {
      [topicArn("placed")]: publish,
      [queueArn("placed_placed_billing")]: [...take, ...put],
      [queueArn("placed_placed_billing_dead")]: put,
    });
  });

  it("are to take from the queues of its own subscriptions, and to send to their dead letters", () => {
    assert.deepEqual(rights("worker"), {
      [topicArn("stock_moves")]: publish,
      [queueArn("placed_placed_worker")]: [...take, ...put],
      [queueArn("placed_placed_worker_dead")]: put,
    });
  });

  it("are to put nothing into a queue that keeps an order", () => {
    assert.deepEqual(rights("media")[queueArn("stock_moves_stock_moves_media")], take);
    assert.deepEqual(rights("media")[queueArn("stock_moves_stock_moves_media_dead")], put);
  });

  it("are none where the process has nothing to do with topics", () => {
    // The keeper of the ledger has the database, and no broker to send anything on with.
    for (const unit of ["accounts", "gateway", "ledger_keeper"]) assert.deepEqual(rights(unit), {}, unit);
  });

  it("are on single things, without wildcards", () => {
    for (const [name, { statement }] of Object.entries(all.data["aws_iam_policy_document"]!)) {
      for (const { sid, actions, resources = [] } of statement as Statement[]) {
        if (!actions.some((action) => /^(sns|sqs):/.test(action))) continue;
        for (const text of [...actions, ...resources]) assert.doesNotMatch(text, /[*?]/, `${name}, ${sid}`);
      }
    }
  });

  it("are told in the page, by their edges", () => {
    const page = render(input).find(({ path }) => path === "iam-edges.md")!.text;
    assert.match(page, /\| orders publishes to placed \| sns:Publish on topic placed \|/);
    assert.match(
      page,
      /\| worker takes from placed \(placed-worker\) \| sqs:ChangeMessageVisibility, [^|]*queue of placed/,
    );
    assert.match(page, /\| billing uses database ledger \| sns:Publish on topic placed \|/);
  });
});

describe("topics and queues", () => {
  it("are one for each declaration, with a queue for the dead letters of each", () => {
    assert.deepEqual(
      resourcesOf(all, "aws_sns_topic").map(([name]) => name),
      ["placed", "stock_moves"],
    );
    const queues = ["placed_placed_billing", "placed_placed_worker", "stock_moves_stock_moves_media"];
    const named = resourcesOf(all, "aws_sqs_queue").map(([name]) => name);
    assert.deepEqual(
      named,
      queues.flatMap((name) => [name, `${name}_dead`]),
    );
    assert.deepEqual(
      resourcesOf(all, "aws_sns_topic_subscription").map(([name, body]) => [name, body["topic_arn"], body["endpoint"]]),
      queues.map((name) => [name, topicArn(name.startsWith("placed") ? "placed" : "stock_moves"), queueArn(name)]),
    );
  });

  it("take messages from their topic alone, and are encrypted", () => {
    for (const [name, { policy, queue_url: url }] of resourcesOf(all, "aws_sqs_queue_policy")) {
      assert.equal(url, `\${aws_sqs_queue.${name}.url}`);
      assert.equal(policy, `\${data.aws_iam_policy_document.queue_${name}.json}`);
      const [statement] = all.data["aws_iam_policy_document"]![`queue_${name}`]!["statement"] as [Body];
      const from = topicArn(name.startsWith("placed") ? "placed" : "stock_moves");
      assert.deepEqual(statement["principals"], [{ type: "Service", identifiers: ["sns.amazonaws.com"] }]);
      assert.deepEqual(statement["resources"], [queueArn(name)]);
      assert.deepEqual(statement["condition"], [{ test: "ArnEquals", variable: "aws:SourceArn", values: [from] }]);
    }
    for (const [, body] of resourcesOf(all, "aws_sqs_queue")) assert.equal(body["sqs_managed_sse_enabled"], true);
    for (const [, body] of resourcesOf(all, "aws_sns_topic")) assert.equal(body["kms_master_key_id"], "alias/aws/sns");
  });

  it("are of the FIFO kind where messages count exactly once", () => {
    const topics = sampleGraph.topics!.map((one) => ({ ...one, deliveryGuarantee: "exactly-once" as const }));
    const exact = configurationOf(sampleInput("aws", "per-service", { broker: "managed" }, { ...sampleGraph, topics }));
    assert.equal(exact.resource["aws_sns_topic"]!["placed"]!["fifo_topic"], true);
    assert.equal(exact.resource["aws_sqs_queue"]!["placed_placed_worker"]!["fifo_queue"], true);
  });

  it("are of the FIFO kind where the topic has an order", () => {
    const fifo = (type: string) =>
      resourcesOf(all, type)
        .filter(([, body]) => body["fifo_topic"] === true || body["fifo_queue"] === true)
        .map(([name, body]) => `${name} ${String(body["name"]).endsWith(".fifo")}`);
    assert.deepEqual(fifo("aws_sns_topic"), ["stock_moves true"]);
    assert.deepEqual(fifo("aws_sqs_queue"), ["stock_moves_stock_moves_media true"]);
  });

  it("are there before a process that uses topics starts", () => {
    const waiting = resourcesOf(all, "aws_ecs_service").filter(([, body]) =>
      (body["depends_on"] as string[]).includes("terraform_data.subscribed"),
    );
    assert.deepEqual(
      waiting.map(([name]) => name),
      ["billing", "media", "orders", "worker"],
    );
    for (const [name, body] of waiting)
      assert.ok((body["depends_on"] as string[]).includes(`aws_iam_role_policy.${name}`), `${name}: its rights, too`);
    const subscriptions = resourcesOf(all, "aws_sns_topic_subscription").map(
      ([name]) => `aws_sns_topic_subscription.${name}`,
    );
    assert.deepEqual(all.resource["terraform_data"]!["subscribed"], { depends_on: subscriptions });
  });
});

describe("a process with a managed broker", () => {
  it("is told its own topics and queues", () => {
    const { pubsub } = all.locals["infra_worker"] as { pubsub: [{ type: string; topics: Record<string, unknown> }] };
    assert.equal(pubsub[0].type, "aws_sns_sqs");
    assert.deepEqual(pubsub[0].topics, {
      placed: {
        arn: topicArn("placed"),
        subscriptions: {
          "placed-worker": {
            url: `\${aws_sqs_queue.placed_placed_worker.url}`,
            dead_letter_url: `\${aws_sqs_queue.placed_placed_worker_dead.url}`,
          },
        },
      },
      "stock-moves": { arn: topicArn("stock_moves"), subscriptions: {} },
    });
    assert.equal((all.locals["infra_gateway"] as Body)["pubsub"], undefined);
  });

  it("has nothing to do with PostgreSQL for messages", () => {
    const text = render(input)
      .map((file) => file.text)
      .join("\n");
    assert.doesNotMatch(text, /tenon_messages|TENON_MESSAGES/);
    const open = resourcesOf(all, "aws_vpc_security_group_egress_rule").map(([name]) => name);
    assert.ok(!open.includes("unit_worker_to_database_5432"));
    assert.ok(open.includes("unit_orders_to_database_5432"));
  });

  it("has the engine in its image", () => {
    assert.ok(terraformTarget.nextSteps(input).includes("npm install @tenon/aws-sns-sqs"));
    const steps = { logIn: "log in", fillSecret: "fill", brokerAdapter: "@tenon/aws-sns-sqs" };
    assert.ok(!nextSteps(sampleInput("aws"), steps).some((line) => line.startsWith("npm install")));
  });
});

describe("what SNS and SQS can't keep", () => {
  it("is refused when files are written: messages of a month", () => {
    const [placed] = sampleGraph.topics!;
    const long = placed!.subscriptions.map((one) => ({ ...one, messageRetentionMs: 30 * 86_400_000 }));
    const month = sampleInput("aws", "per-service", managed, {
      ...sampleGraph,
      topics: [{ ...placed!, subscriptions: long }],
    });
    assert.throws(() => render(month), { code: "target_unable", message: /14 days .* placed\/placed-billing/ });
  });

  it("is refused when files are written: names that leave no room for the app's", () => {
    const topics = [topic("a".repeat(40), ["orders"], ["worker"])];
    const long = sampleInput("aws", "per-service", managed, { ...sampleGraph, topics });
    assert.throws(() => render(long), { code: "name_not_deployable", message: /a{40}-a{40}-worker/ });
  });
});
