// What the containers are: confined, started in an order that ends, and told no secret by the file itself.
import assert from "node:assert/strict";
import { test } from "node:test";
import { deriveDeployment } from "../../deployment/derive-deployment.ts";
import { endpoint, sampleGraph, service } from "../../deployment/sample-graph.test.support.ts";
import { type ComposeFile, withDefault } from "./compose-file.ts";
import { sampleCompose, sampleInput } from "./compose.test.support.ts";
import { render } from "./render.ts";
import { resources } from "./resources.ts";
import { composeSettings } from "./settings.ts";

const everySettings = [{}, { broker: "nats" }, { broker: "redis", perUnitImages: true }];

test("every container is confined", () => {
  for (const settings of everySettings) {
    for (const [name, one] of Object.entries(sampleCompose(settings).services)) {
      assert.equal(one.read_only, true, name);
      assert.deepEqual(one.cap_drop, ["ALL"], name);
      assert.deepEqual(one.security_opt, ["no-new-privileges:true"], name);
      assert.ok(one.tmpfs.includes("/tmp"), name);
    }
  }
});

test("what must be there first is started first, and nobody waits in a circle", () => {
  const { services } = sampleCompose();
  const order = startOrder(services);
  const isBefore = (one: string, other: string) =>
    assert.ok(order.indexOf(one) < order.indexOf(other), `${one} before ${other}`);
  isBefore("postgres", "databases");
  isBefore("databases", "migrate-accounts");
  isBefore("migrate-accounts", "accounts");
  isBefore("accounts", "orders");
  isBefore("orders", "gateway");
  isBefore("buckets", "media");
  // It uses a database of billing, whose migrations it does not run.
  isBefore("migrate-billing", "orders");
  // No database of its own, but messages.
  isBefore("databases", "worker");
});

test("an app in one process has one container, its own door and no key", () => {
  const { services } = sampleCompose({}, "single");
  const app = services["app"]!;
  assert.deepEqual(app.command, ["start"]);
  assert.deepEqual(app.ports, [`${withDefault("PUBLIC_PORT", 8080)}:8080`]);
  assert.equal(app.environment?.["TENON_KEY"], undefined);
  assert.deepEqual(services["migrate-app"]?.command, ["migrate"]);
  assert.equal(services["gateway"], undefined);
});

test("a unit gets the secrets that its code uses, by reference, and no others", () => {
  const { services } = sampleCompose();
  const secrets = (name: string) =>
    Object.entries(services[name]?.environment ?? {})
      .filter(([, value]) => value.includes("$"))
      .map(([key]) => key)
      .sort();
  assert.deepEqual(secrets("accounts"), ["ACCOUNTS_PASSWORD", "RATE_LIMITS_CACHE_PASSWORD", "SessionKey", "TENON_KEY"]);
  assert.deepEqual(secrets("gateway"), ["TENON_KEY"]);
  assert.deepEqual(secrets("worker"), [
    "OBJECTS_ACCESS_KEY_ID",
    "OBJECTS_SECRET_ACCESS_KEY",
    "TENON_KEY",
    "TENON_MESSAGES_DATABASE_URL",
  ]);
});

test("the broker is the one that was asked for", () => {
  const image = (settings: unknown) => sampleCompose(settings).services["broker"]?.image ?? "none";
  assert.match(image({}), /^none$/);
  assert.match(image({ broker: "nats" }), /nats/);
  assert.match(image({ broker: "redis" }), /valkey/);
  assert.match(
    image({ broker: "nats", engineImages: { nats: "images.example.com/nats:2.12" } }),
    /^images\.example\.com/,
  );
});

test("images carry the unit's name where each has its own", () => {
  const { services } = sampleCompose({ perUnitImages: true, imagePrefix: "images.example.com/acme", tag: "7" });
  assert.equal(services["orders"]?.image, `images.example.com/acme/orders:${withDefault("TAG", "7")}`);
  assert.equal(services["migrate-orders"]?.image, services["orders"]?.image);
  assert.equal(sampleCompose().services["orders"]?.image, `sample/sample:${withDefault("TAG", "latest")}`);
});

test("a unit with the name of an engine is refused", () => {
  const graph = {
    ...sampleGraph,
    services: [...sampleGraph.services, service("postgres", { endpoints: [endpoint("postgres", "get")] })],
  };
  const { settings } = sampleInput();
  const attempt = () => resources(deriveDeployment(graph, "per-service"), composeSettings(settings));
  assert.throws(attempt, { code: "name_not_deployable", message: /"postgres"/ });
});

test("names that PostgreSQL has of its own, and two secrets of one name, are refused", () => {
  const database = { name: "pg_archive", service: "worker", location: { file: "worker/db.ts", line: 1, column: 1 } };
  const withDatabase = {
    ...sampleGraph,
    services: [...sampleGraph.services.slice(0, -1), service("worker", { databases: ["pg_archive"] })],
    databases: [...sampleGraph.databases, database],
  };
  const secret = { name: "LEDGER_PASSWORD", services: ["billing"], location: database.location };
  const withSecret = { ...sampleGraph, secrets: [...sampleGraph.secrets, secret] };
  for (const [graph, message] of [
    [withDatabase, /"pg_archive"/],
    [withSecret, /LEDGER_PASSWORD/],
  ] as const) {
    const attempt = () => render({ ...sampleInput(), deployment: deriveDeployment(graph, "per-service"), graph });
    assert.throws(attempt, { code: "name_not_deployable", message });
  }
});

/** As Compose would start them one by one; fails where nobody can go first. */
function startOrder(services: ComposeFile["services"]): string[] {
  const order: string[] = [];
  while (order.length < Object.keys(services).length) {
    const next = Object.entries(services).find(
      ([name, { depends_on = {} }]) =>
        !order.includes(name) && Object.keys(depends_on).every((other) => order.includes(other)),
    );
    assert.ok(next, `nobody can start after ${order.join(", ")}`);
    order.push(next[0]);
  }
  return order;
}
