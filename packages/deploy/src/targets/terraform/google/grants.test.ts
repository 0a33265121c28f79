// Least privilege on Google Cloud, read from the files as they are written: each edge of the graph has exactly its roles and firewall rules, each
// on one thing, and nothing is allowed that no edge asks for.
import assert from "node:assert/strict";
import { test } from "node:test";
import { terraformTarget } from "../target.ts";
import { configurationOf, resourcesOf, sampleInput } from "../terraform.test.support.ts";

const input = sampleInput("google");
const all = configurationOf(input);
const units = input.deployment.units.map(({ name }) => name);
const accountOf = (member: unknown): string | undefined =>
  /google_service_account\.(\w+)\.email/.exec(String(member))?.[1];

test("a process reads the secrets of its own edges, and no others", () => {
  const read = new Map<string, string[]>();
  for (const [, { secret_id: id, role, member }] of resourcesOf(all, "google_secret_manager_secret_iam_member")) {
    assert.equal(role, "roles/secretmanager.secretAccessor");
    const [unit, secret] = [accountOf(member)!, /google_secret_manager_secret\.(\w+)\.id/.exec(String(id))![1]!];
    read.set(unit, [...(read.get(unit) ?? []), secret].sort());
  }
  assert.deepEqual(Object.fromEntries([...read].sort()), {
    accounts: ["database_accounts", "key", "secret_SessionKey"],
    billing: ["database_ledger", "database_tenon_messages", "key", "secret_StripeKey"],
    gateway: ["key"],
    media: ["key"],
    orders: ["database_ledger", "database_order_items", "database_tenon_messages", "key", "secret_StripeKey"],
    provision: [
      "administrator",
      "database_accounts",
      "database_ledger",
      "database_order_items",
      "database_tenon_messages",
    ],
    worker: ["database_tenon_messages", "key"],
  });
});

test("a process may invoke those that its code calls, and everybody only the public door", () => {
  const calls = resourcesOf(all, "google_cloud_run_v2_service_iam_member").map(([, { name, role, member }]) => {
    assert.equal(role, "roles/run.invoker");
    return `${accountOf(member)} > ${/google_cloud_run_v2_service\.(\w+)\.name/.exec(String(name))![1]}`;
  });
  const expected = input.deployment.edges.flatMap((edge) =>
    edge.kind === "call" ? [`${edge.from} > ${edge.to}`] : [],
  );
  assert.deepEqual(calls.sort(), expected.sort());
  for (const [unit, body] of resourcesOf(all, "google_cloud_run_v2_service")) {
    assert.equal(body["invoker_iam_disabled"], unit === "gateway");
    assert.equal(body["ingress"], unit === "gateway" ? "INGRESS_TRAFFIC_ALL" : "INGRESS_TRAFFIC_INTERNAL_ONLY");
  }
});

test("a process reaches the objects of its own buckets; everybody reads those that are declared public", () => {
  const members = resourcesOf(all, "google_storage_bucket_iam_member").map(
    ([, { bucket, role, member }]) =>
      `${accountOf(member) ?? member} ${role} ${/google_storage_bucket\.(\w+)\.name/.exec(String(bucket))![1]}`,
  );
  assert.deepEqual(members.sort(), [
    "allUsers roles/storage.objectViewer avatars",
    "media roles/storage.objectUser avatars",
    "media roles/storage.objectUser invoices",
    "worker roles/storage.objectUser invoices",
  ]);
});

test("a process with buckets signs URLs in its own name, and no other in anybody's; there are no keys", () => {
  const signs = resourcesOf(all, "google_service_account_iam_member").map(([, body]) => [
    body["role"],
    /google_service_account\.(\w+)\.name/.exec(String(body["service_account_id"]))![1],
    accountOf(body["member"]),
  ]);
  assert.deepEqual(signs, [
    ["roles/iam.serviceAccountTokenCreator", "media", "media"],
    ["roles/iam.serviceAccountTokenCreator", "worker", "worker"],
  ]);
  assert.equal(all.resource["google_storage_hmac_key"], undefined);
});

test("the interfaces that Terraform and the processes use are enabled before", () => {
  const line = terraformTarget
    .nextSteps(sampleInput("google"))
    .find((step) => step.startsWith("gcloud services enable"));
  // Signing is asked of the second.
  for (const name of ["iam", "iamcredentials", "cloudresourcemanager"])
    assert.ok(line?.includes(` ${name}.googleapis.com`), name);
});

test("no role is given on the whole project", () => {
  const types = Object.keys(all.resource).filter((type) => /_iam_(member|binding|policy)$/.test(type));
  assert.deepEqual(types.sort(), [
    "google_cloud_run_v2_service_iam_member",
    "google_secret_manager_secret_iam_member",
    "google_service_account_iam_member",
    "google_storage_bucket_iam_member",
  ]);
});

test("servers are reached by the processes whose code uses them, on their port; to all others they are closed", () => {
  const rules = resourcesOf(all, "google_compute_firewall");
  const open = rules.flatMap(([, body]) => {
    const [allow] = (body["allow"] ?? []) as { ports: string[] }[];
    const [to] = body["destination_ranges"] as string[];
    return allow === undefined
      ? []
      : [`${(body["target_tags"] as string[]).join()} > ${/\.(\w+)\.\w+\}/.exec(to!)![1]} ${allow.ports.join()}`];
  });
  const tag = (name: string) => `\${var.name}-${name}`;
  assert.deepEqual(open.sort(), [
    `${tag("accounts")} > main 5432`,
    `${tag("accounts")} > rate_limits 6378`,
    `${tag("billing")} > main 5432`,
    `${tag("orders")} > main 5432`,
    `${tag("provision")} > main 5432`,
    `${tag("worker")} > main 5432`,
  ]);
  const closed = rules.find(([name]) => name === "no_servers")![1];
  assert.deepEqual(closed["deny"], [{ protocol: "all" }]);
  assert.deepEqual(closed["target_tags"], [...units, "provision"].map(tag));
});

test("every process runs as its own account, with its own tag", () => {
  for (const [name, body] of resourcesOf(all, "google_cloud_run_v2_service")) {
    const [template] = body["template"] as [
      { service_account: string; vpc_access: [{ network_interfaces: [{ tags: string[] }] }] },
    ];
    assert.equal(accountOf(template.service_account), name);
    assert.deepEqual(template.vpc_access[0].network_interfaces[0].tags, [`\${var.name}-${name}`]);
  }
});
