// Least privilege on Azure, read from the files as they are written: a process's identity may read the secrets of its own edges, each by itself,
// and pull the image, and nothing else.
import assert from "node:assert/strict";
import { test } from "node:test";
import { render } from "../render.ts";
import { configurationOf, resourcesOf, sampleInput } from "../terraform.test.support.ts";

const input = sampleInput("azure");
const all = configurationOf(input);

test("an identity reads the secrets of its process's edges, and no others", () => {
  const read = new Map<string, string[]>();
  for (const [name, body] of resourcesOf(all, "azurerm_role_assignment")) {
    if (name === "operator") continue;
    const unit = /azurerm_user_assigned_identity\.(\w+)\.principal_id/.exec(String(body["principal_id"]))![1]!;
    if (String(body["role_definition_name"]).startsWith("Storage Blob")) continue;
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

test("an identity reaches the objects of its process's buckets, and no others; the account has no key to use", () => {
  const found = resourcesOf(all, "azurerm_role_assignment").flatMap(([, body]) => {
    const role = String(body["role_definition_name"]);
    if (!role.startsWith("Storage Blob")) return [];
    const unit = /azurerm_user_assigned_identity\.(\w+)\.principal_id/.exec(String(body["principal_id"]))![1];
    return [`${unit} ${role} ${/azurerm_storage_(\w+\.\w+)\.id/.exec(String(body["scope"]))![1]}`];
  });
  assert.deepEqual(found.sort(), [
    "media Storage Blob Data Contributor container.avatars",
    "media Storage Blob Data Contributor container.invoices",
    "media Storage Blob Delegator account.main",
    "worker Storage Blob Data Contributor container.invoices",
    "worker Storage Blob Delegator account.main",
  ]);
  const account = all.resource["azurerm_storage_account"]!["main"]!;
  assert.equal(account["shared_access_key_enabled"], false);
  const access = resourcesOf(all, "azurerm_storage_container").map(([name, body]) => [
    name,
    body["container_access_type"],
  ]);
  assert.deepEqual(access, [
    ["avatars", "blob"],
    ["invoices", "private"],
  ]);
});

test("a process with buckets knows which identity it is", () => {
  for (const [name, body] of resourcesOf(all, "azurerm_container_app")) {
    const [template] = body["template"] as [{ container: [{ env: { name: string; value?: string }[] }] }];
    const client = template.container[0].env.find((one) => one.name === "AZURE_CLIENT_ID")?.value;
    const expected = ["media", "worker"].includes(name)
      ? `\${azurerm_user_assigned_identity.${name}.client_id}`
      : undefined;
    assert.equal(client, expected, name);
  }
});
