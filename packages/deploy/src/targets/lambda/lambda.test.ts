// The template is one that CloudFormation's published schemas accept, gives each function what its edges ask for, and says why a service can't
// be a function.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { describe, it } from "node:test";
import { parse } from "yaml";
import type { Graph } from "@tenon/model";
import { deriveDeployment } from "../../deployment/derive-deployment.ts";
import { sampleGraph, service } from "../../deployment/sample-graph.test.support.ts";
import type { Placement } from "../../deployment/placement.ts";
import { readSettings } from "../../settings.ts";
import { scheduleExpressions } from "./schedule-expressions.ts";
import { lambdaTarget } from "./target.ts";

const queue = (name: string) => `arn:aws:sqs:eu-central-1:123456789012:${name}`;
const queues = { "placed/placed-billing": queue("billing"), "placed/placed-worker": queue("worker") };
/** Messages that come from outside: nobody in the app publishes them. */
const topics = sampleGraph.topics!.map((topic) => ({ ...topic, publishers: [] }));
const graph: Graph = { ...sampleGraph, topics };

function render(given: object = { queues }, placement: Placement = "per-service", of = graph) {
  const settings = readSettings(lambdaTarget, given, {});
  return lambdaTarget.render({ deployment: deriveDeployment(of, placement), graph: of, settings });
}

type Resource = { readonly Type: string; readonly Properties: Readonly<Record<string, unknown>> };

function templateOf(given?: object, placement?: Placement): { Resources: Record<string, Resource>; Outputs: object } {
  return parse(render(given, placement).find(({ path }) => path === "template.yaml")!.text, { version: "1.1" });
}

describe("the template for AWS Lambda", () => {
  it("passes cfn-lint, which knows the schemas of all resources", (t) => {
    if (spawnSync("cfn-lint", ["--version"]).status !== 0) return t.skip("there is no cfn-lint (pip install cfn-lint)");
    const dir = mkdtempSync(join(tmpdir(), "tenon-lambda-"));
    t.after(() => rmSync(dir, { recursive: true, force: true }));
    const templates = [render(), render({ queues, streaming: true }, "single")].map((files, index) => {
      for (const { path, text } of files) {
        const file = join(dir, String(index), path);
        mkdirSync(dirname(file), { recursive: true });
        writeFileSync(file, text);
      }
      return join(dir, String(index), "template.yaml");
    });
    // W3002: code in a folder is for `aws cloudformation package`.
    const args = ["--ignore-checks", "W3002", "--regions", "eu-central-1", "--", ...templates];
    const { status, stdout, stderr } = spawnSync("cfn-lint", args, { encoding: "utf8" });
    assert.equal(status, 0, stdout + stderr);
  });

  it("gives those that call each other in a circle an address that is known before, and others a function URL", () => {
    const { Resources: resources } = templateOf();
    assert.deepEqual(
      ["Orders", "Billing", "Accounts", "Gateway"].map((id) => [
        resources[`${id}Api`]?.Type,
        resources[`${id}Url`]?.Type,
      ]),
      [
        ["AWS::ApiGatewayV2::Api", undefined],
        ["AWS::ApiGatewayV2::Api", undefined],
        [undefined, "AWS::Lambda::Url"],
        [undefined, "AWS::Lambda::Url"],
      ],
    );
  });

  it("allows what an edge asks for: no wildcard stands for more than the objects of a bucket or the routes of an API", () => {
    const roles = Object.entries(templateOf().Resources).filter(([, { Type: type }]) => type === "AWS::IAM::Role");
    const text = JSON.stringify(roles.map(([, { Properties: properties }]) => properties["Policies"]));
    assert.deepEqual(text.match(/"[^"]*\*[^"]*"/g), ['"/*"', '"/*"', '"/*"']);
    const actionsOf = (id: string) =>
      [...JSON.stringify(templateOf().Resources[`${id}Role`]).matchAll(/"((?:s3|sqs):\w+)"/g)].map(
        ([, action]) => action,
      );
    assert.deepEqual(actionsOf("Billing"), ["sqs:ReceiveMessage", "sqs:DeleteMessage", "sqs:GetQueueAttributes"]);
    assert.deepEqual(actionsOf("Accounts"), []);
    assert.ok(actionsOf("Media").includes("s3:PutObject"));
  });

  it("has no secret in it, and each function the variables that its infra.json names", () => {
    const files = render();
    const { Resources: resources } = templateOf();
    for (const unit of ["accounts", "billing", "media", "orders", "worker", "gateway"]) {
      const infra = files.find(({ path }) => path === `infra/${unit}.json`)!.text;
      const asked = [...infra.matchAll(/"\$env": "(\w+)"/g)]
        .map(([, name]) => name!)
        .filter((name) => name !== "AWS_REGION");
      const id = `${unit.charAt(0).toUpperCase()}${unit.slice(1)}Function`;
      const { Variables: set = {} } = (resources[id]!.Properties["Environment"] ?? {}) as { Variables?: object };
      assert.deepEqual(
        [...new Set(asked)].sort(),
        Object.keys(set)
          .filter((name) => name !== "TENON_QUEUES")
          .sort(),
        unit,
      );
    }
    const values = JSON.stringify(resources).matchAll(/"(\w*(?:PASSWORD|Key|KEY))":\{"Fn::Sub":"([^"]*)"/g);
    for (const [, name, value] of values) assert.equal(value, `{{resolve:secretsmanager:\${SecretsPrefix}${name}}}`);
  });

  it("all in one process is one function with the public door", () => {
    const { Resources: resources, Outputs: outputs } = templateOf({ queues }, "single");
    assert.deepEqual(
      Object.keys(resources).filter((id) => id.endsWith("Function")),
      ["AppFunction"],
    );
    assert.deepEqual(outputs, {
      Url: { Description: "Where the API is", Value: { "Fn::GetAtt": ["AppUrl", "FunctionUrl"] } },
    });
  });
});

describe("services that can't be functions", () => {
  const refused = (given: object, of = graph) => {
    try {
      render(given, "per-service", of);
    } catch (error) {
      return (error as Error).message.split("\n");
    }
    return assert.fail("nothing was refused");
  };

  it("subscriptions that nothing is brought to, and WebSockets, with the reason, all at once", () => {
    const stream = { ...sampleGraph.services[0]!.endpoints[0]!, name: "watch", kind: "stream-out" } as const;
    const services = [...graph.services, service("live", { endpoints: [stream] })];
    assert.deepEqual(refused({}, { ...graph, services }), [
      "these can't be functions:",
      "  - placed/placed-billing: postgres gives messages to processes that wait for them, and a function does not",
      "  - live.watch: a WebSocket stays open, and a function ends with its answer",
      "  - placed/placed-worker: postgres gives messages to processes that wait for them, and a function does not",
    ]);
  });

  it("a queue that gets nothing of what the app publishes", () => {
    const lines = refused({ queues }, sampleGraph);
    assert.match(lines[1]!, /orders publish to postgres, and nothing brings that into the queue of the subscription/);
  });

  it("they may be elsewhere, and the others know where", () => {
    const elsewhere = { billing: "https://billing.internal", worker: "https://worker.internal" };
    const files = render({ elsewhere }, "per-service", sampleGraph);
    const paths = files.map(({ path }) => path);
    assert.ok(!paths.includes("infra/billing.json") && paths.includes("infra/orders.json"));
    const orders = JSON.parse(files.find(({ path }) => path === "infra/orders.json")!.text);
    assert.equal(orders.service_discovery.billing.base_url, "https://billing.internal");
    assert.deepEqual(orders.service_discovery.accounts.base_url, { $env: "TENON_URL_ACCOUNTS" });
    assert.throws(() => render({ elsewhere }, { back: ["billing", "orders"] }, sampleGraph), {
      code: "setting_invalid",
    });
  });
});

describe("schedules in the words of EventBridge", () => {
  const cron = (expression: string) =>
    scheduleExpressions({ ...sampleGraph.cronJobs![0]!, schedule: { kind: "cron", expression, timeZone: "UTC" } })
      .expressions;
  const every = (seconds: number) =>
    scheduleExpressions({ ...sampleGraph.cronJobs![0]!, schedule: { kind: "every", seconds } }).expressions;

  it("days by date or by week; both make two", () => {
    assert.deepEqual(cron("0 4 * * mon-fri"), ["cron(0 4 ? * MON,TUE,WED,THU,FRI *)"]);
    assert.deepEqual(cron("*/20 0-2 1 jan,7 *"), ["cron(0,20,40 0,1,2 1 1,7 ? *)"]);
    assert.deepEqual(cron("5 * 13 * 5"), ["cron(5 * 13 * ? *)", "cron(5 * ? * FRI *)"]);
    assert.deepEqual(cron("0 0 * * 7"), ["cron(0 0 ? * SUN *)"]);
    assert.throws(() => cron("0 0 L * *"), { code: "target_unable" });
  });

  it("intervals from midnight, told more often where they are no part of an hour", () => {
    assert.deepEqual(every(60), ["cron(* * * * ? *)"]);
    assert.deepEqual(every(600), ["cron(0,10,20,30,40,50 * * * ? *)"]);
    assert.deepEqual(every(5_400), ["cron(0,30 * * * ? *)"]);
    assert.deepEqual(every(7_200), ["cron(0 0,2,4,6,8,10,12,14,16,18,20,22 * * ? *)"]);
    assert.throws(() => every(30), { code: "target_unable" });
  });
});
