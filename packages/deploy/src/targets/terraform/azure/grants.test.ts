// Least privilege on Azure, read from the files as they are written: a process's identity may read the secrets of its own edges, each by itself,
// and pull the image, and nothing else.
import assert from "node:assert/strict";
import { test } from "node:test";
import { sampleGraph } from "../../../deployment/sample-graph.test.support.ts";
import { render } from "../render.ts";
import { configurationOf, resourcesOf, sampleInput } from "../terraform.test.support.ts";

const input = sampleInput("azure");
const all = configurationOf(input);

test("an identity reads the secrets of its process's edges, and no others", () => {
  const read = new Map<string, string[]>();
  for (const [name, body] of resourcesOf(all, "azurerm_role_assignment")) {
    if (name === "operator") continue;
    const unit = /azurerm_user_assigned_identity\.(\w+)\.principal_id/.exec(String(body["principal_id"]))![1]!;
    const secret = /azurerm_key_vault_secret\.(\w+)\.resource_versionless_id/.exec(String(body["scope"]))?.[1];
    const isPull = String(body["scope"]).includes("azurerm_container_registry.main.id");
    assert.equal(body["role_definition_name"], isPull ? "AcrPull" : "Key Vault Secrets User");
    read.set(unit, [...(read.get(unit) ?? []), isPull ? "pull" : secret!].sort());
  }
  assert.deepEqual(Object.fromEntries([...read].sort()), {
    accounts: ["cache_rate_limits", "database_accounts", "key", "pull", "secret_SessionKey"],
    billing: ["database_ledger", "database_tenon_messages", "key", "pull", "secret_StripeKey"],
    gateway: ["key", "pull"],
    media: ["key", "pull"],
    orders: ["database_ledger", "database_order_items", "database_tenon_messages", "key", "pull", "secret_StripeKey"],
    provision: [
      "administrator",
      "database_accounts",
      "database_ledger",
      "database_order_items",
      "database_tenon_messages",
    ],
    worker: ["database_tenon_messages", "key", "pull"],
  });
});

test("only the gateway is reached from outside", () => {
  for (const [name, body] of resourcesOf(all, "azurerm_container_app")) {
    const [ingress] = body["ingress"] as [{ external_enabled: boolean; target_port: number }];
    assert.deepEqual(
      [ingress.external_enabled, ingress.target_port],
      name === "gateway" ? [true, 8080] : [false, 8081],
    );
  }
});

test("a broker of the cloud is refused, and it is said where messages stay", () => {
  const managed = sampleInput("azure", "per-service", { broker: "managed" });
  assert.throws(() => render(managed), {
    code: "target_unable",
    message: /no engine for Service Bus \("placed"\)/,
    hint: /stay in PostgreSQL/,
  });
});

test("an app with buckets is refused, by the names of the buckets", () => {
  const withBuckets = sampleInput("azure", "per-service", {}, sampleGraph);
  assert.throws(() => render(withBuckets), { code: "target_unable", message: /"avatars", "invoices"/ });
});
