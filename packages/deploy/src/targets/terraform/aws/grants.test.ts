// Least privilege on AWS, read from the files as they are written: each edge of the graph has exactly its statements and ports, and nothing is
// allowed that no edge asks for.
import assert from "node:assert/strict";
import { test } from "node:test";
import type { Deployment } from "../../../deployment/deployment.ts";
import { render } from "../render.ts";
import { type Body, configurationOf, resourcesOf, sampleInput } from "../terraform.test.support.ts";

interface Statement {
  readonly sid: string;
  readonly actions: readonly string[];
  readonly resources: readonly string[];
}

const input = sampleInput("aws");
const all = configurationOf(input);
const statementsOf = (name: string): readonly Statement[] => {
  const document = all.data["aws_iam_policy_document"]?.[name];
  return (document?.["statement"] ?? []) as Statement[];
};
const readSecrets = (unit: string): string[] =>
  statementsOf(`${unit}_start`)
    .filter(({ actions }) => actions.includes("secretsmanager:GetSecretValue"))
    .flatMap(({ resources }) => resources)
    .sort();
const secret = (name: string): string => `\${aws_secretsmanager_secret.${name}.arn}`;

test("a process reads the secrets of its own edges, and no others", () => {
  const expected: Record<string, string[]> = {
    accounts: ["database_accounts", "key", "secret_SessionKey"],
    billing: ["database_ledger", "database_tenon_messages", "key", "secret_StripeKey"],
    gateway: ["key"],
    media: ["key"],
    orders: ["database_ledger", "database_order_items", "database_tenon_messages", "key", "secret_StripeKey"],
    worker: ["database_tenon_messages", "key"],
  };
  for (const { name } of input.deployment.units) assert.deepEqual(readSecrets(name), expected[name]!.map(secret), name);
});

test("a process reaches the objects of its own buckets, and no others", () => {
  const arns = (unit: string) =>
    statementsOf(unit)
      .flatMap(({ resources }) => resources)
      .sort();
  const bucket = (name: string) => [`\${aws_s3_bucket.${name}.arn}`, `\${aws_s3_bucket.${name}.arn}/*`];
  assert.deepEqual(arns("media"), [...bucket("avatars"), ...bucket("invoices")]);
  assert.deepEqual(arns("worker"), bucket("invoices"));
  for (const unit of ["accounts", "billing", "gateway", "orders"]) assert.deepEqual(statementsOf(unit), [], unit);
});

test("no action and no resource is a wildcard, but for the two that AWS has no narrower word for", () => {
  const documents = Object.entries(all.data["aws_iam_policy_document"] ?? {});
  const starred: string[] = [];
  for (const [name, body] of documents) {
    for (const { sid, actions, resources = [] } of body["statement"] as Statement[]) {
      for (const action of actions) assert.doesNotMatch(action, /[*?]/, `${name}, ${sid}`);
      for (const resource of resources) {
        // Everything below a bucket is its objects.
        if (/[*?]/.test(resource.replace(/^(\$\{aws_s3_bucket\.\w+\.arn\})\/\*$/, "$1")))
          starred.push(`${sid}: ${resource.replace(/\$\{.*\}/, "GROUP")}`);
      }
    }
  }
  assert.deepEqual([...new Set(starred)].sort(), ["AskForRegistryToken: *", "WriteLogs: GROUP:log-stream:*"]);
});

test("roles have the policies of these documents, and nothing is attached beside them", () => {
  const types = Object.keys(all.resource).filter((type) => type.startsWith("aws_iam_"));
  assert.deepEqual(types.sort(), ["aws_iam_role", "aws_iam_role_policy"]);
  for (const [name, body] of resourcesOf(all, "aws_iam_role_policy")) {
    assert.equal(body["role"], `\${aws_iam_role.${name}.id}`);
    assert.equal(body["policy"], `\${data.aws_iam_policy_document.${name}.json}`);
  }
  for (const [name, body] of resourcesOf(all, "aws_ecs_task_definition")) {
    const unit = name.replace(/^migrate_/, "");
    assert.equal(body["execution_role_arn"], `\${aws_iam_role.${unit}_start.arn}`);
    assert.equal(body["task_role_arn"], name === "provision" ? undefined : `\${aws_iam_role.${unit}.arn}`);
  }
});

test("connections between processes are the calls of the graph, in both directions of the rules", () => {
  const expected = [
    ...callsOf(input.deployment),
    "load_balancer > unit_gateway 8080",
    "load_balancer > unit_gateway 8081",
  ];
  const isBetween = (line: string) => !/ (database|cache_)/.test(line);
  assert.deepEqual(passages("egress").filter(isBetween), expected.sort());
  assert.deepEqual(passages("ingress").filter(isBetween), expected.sort());
});

test("servers are reached by the processes whose code uses them, on their port", () => {
  const expected = [
    "provision > database 5432",
    "unit_accounts > cache_rate_limits 6379",
    "unit_accounts > database 5432",
    "unit_billing > database 5432",
    "unit_orders > database 5432",
    "unit_worker > database 5432",
  ];
  const isServer = (line: string) => / (database|cache_)/.test(line);
  assert.deepEqual(passages("egress").filter(isServer), expected);
  assert.deepEqual(passages("ingress").filter(isServer), expected);
});

test("outside are only the port of images, secrets and logs, and the public's way to the load balancer", () => {
  const rules = ["egress", "ingress"].flatMap((kind) => resourcesOf(all, `aws_vpc_security_group_${kind}_rule`));
  const open = rules
    .filter(([, body]) => body["cidr_ipv4"] !== undefined)
    .map(([name, body]) => `${name} ${body["from_port"]}`);
  const units = input.deployment.units.map(({ name }) => `unit_${name}_https 443`);
  assert.deepEqual(open.sort(), ["provision_https 443", "public_443 443", "public_80 80", ...units].sort());
});

test("the page tells each edge with what it allows", () => {
  const page = render(input).find(({ path }) => path === "iam-edges.md")!.text;
  for (const edge of input.deployment.edges) {
    const what = edge.kind === "call" ? `${edge.from} calls ${edge.to}` : `${edge.from} `;
    assert.ok(page.includes(`| ${what}`), JSON.stringify(edge));
  }
  assert.match(page, /\| orders reads secret StripeKey \| secretsmanager:GetSecretValue on secret secret_StripeKey \|/);
  const told = page.split("\n").filter((line) => line.includes("aws_iam_policy_document")).length;
  const statements = input.deployment.units.flatMap(({ name }) => [
    ...statementsOf(name),
    ...statementsOf(`${name}_start`),
  ]);
  // One statement may stand for several edges: a process that publishes and subscribes reads one password for it.
  assert.ok(told >= statements.length);
});

function passages(kind: "egress" | "ingress"): string[] {
  const group = (id: unknown) => /aws_security_group\.(\w+)\.id/.exec(String(id))?.[1];
  return resourcesOf(all, `aws_vpc_security_group_${kind}_rule`)
    .filter(([, body]) => body["referenced_security_group_id"] !== undefined)
    .map(([, body]: readonly [string, Body]) => {
      const [own, other] = [group(body["security_group_id"]), group(body["referenced_security_group_id"])];
      assert.equal(body["from_port"], body["to_port"]);
      return `${kind === "egress" ? `${own} > ${other}` : `${other} > ${own}`} ${body["from_port"]}`;
    })
    .sort();
}

function callsOf({ edges }: Deployment): string[] {
  return edges.flatMap((edge) => (edge.kind === "call" ? [`unit_${edge.from} > unit_${edge.to} 8081`] : []));
}
