// Key Vault: a place for each secret. Passwords and the key are made at random and go straight there, without a copy in the state. The vault has no
// empty places: the app's own secrets stand there with a placeholder until a person puts the value in, which Terraform then leaves alone.
import type { Deployment } from "../../../deployment/deployment.ts";
import { type Block, data, ephemeral, output, ref, resource } from "../blocks.ts";
import { allSecrets, databaseNames, secretLabel, type SecretSource } from "../needed-secrets.ts";
import { vaultNames } from "./grants.ts";
import { place } from "./place.ts";

export function storedSecrets(deployment: Deployment): readonly SecretSource[] {
  const databases = databaseNames(deployment).map((database): SecretSource => ({ kind: "database", database }));
  const all = new Map([...allSecrets(deployment), ...databases].map((source) => [secretLabel(source), source]));
  return [...all].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, source]) => source);
}

export function secretBlocks(deployment: Deployment): readonly Block[] {
  const stored = storedSecrets(deployment);
  const toFill = stored.filter(({ kind }) => kind === "secret").map(secretLabel);
  return [
    data("azurerm_client_config", "current", {}),
    resource("azurerm_key_vault", "main", {
      ...place(),
      name: ref("var.key_vault_name"),
      sku_name: "standard",
      tenant_id: ref("data.azurerm_client_config.current.tenant_id"),
      rbac_authorization_enabled: true,
      purge_protection_enabled: ref("var.deletion_protection"),
      soft_delete_retention_days: 30,
    }),
    resource("azurerm_role_assignment", "operator", {
      scope: ref("azurerm_key_vault.main.id"),
      role_definition_name: "Key Vault Secrets Officer",
      principal_id: ref("data.azurerm_client_config.current.object_id"),
    }),
    ...stored.flatMap((source) => secretBlock(source)),
    ...(databaseNames(deployment).length === 0 ? [] : vaultSecret("administrator", "database-administrator", true)),
    output(
      "secrets_to_fill",
      "Secrets that need a value: az keyvault secret set --vault-name VAULT --name NAME --value VALUE",
      toFill.map((name) => ref(`azurerm_key_vault_secret.${name}.name`)),
    ),
  ];
}

function secretBlock(source: SecretSource): readonly Block[] {
  const { label, name } = vaultNames(source);
  return vaultSecret(label, name, source.kind !== "secret");
}

function vaultSecret(label: string, name: string, isRandom: boolean): readonly Block[] {
  return [
    ...(isRandom ? [ephemeral("random_password", label, { length: 40, special: false })] : []),
    resource("azurerm_key_vault_secret", label, {
      name,
      key_vault_id: ref("azurerm_key_vault.main.id"),
      value_wo: isRandom ? ref(`ephemeral.random_password.${label}.result`) : "not filled in yet",
      // One more writes the value anew.
      value_wo_version: isRandom ? ref("var.secrets_version") : 1,
      tags: ref("local.tags"),
      depends_on: ["azurerm_role_assignment.operator"],
    }),
  ];
}
