// Servers that keep data on Azure: PostgreSQL with a database per declaration, and Redis for each cache cluster.
import type { Deployment } from "../../../deployment/deployment.ts";
import { type Block, type Body, ephemeral, label, ref, resource } from "../blocks.ts";
import { cacheSecret } from "./grants.ts";
import { place } from "./place.ts";

export const databasePort = 5432;

/** Its certificate leads to an authority that Node knows. */
export const databaseServer: Body = {
  host: `${ref("azurerm_postgresql_flexible_server.main.fqdn")}:${databasePort}`,
};

/** Where the database server is in a network. */
export interface ServerPlace {
  readonly arguments: Body;
  readonly needs: readonly string[];
}

/** With the network that Terraform makes (network.ts). */
export const inOwnSubnet: ServerPlace = {
  arguments: {
    delegated_subnet_id: ref("azurerm_subnet.database.id"),
    private_dns_zone_id: ref("azurerm_private_dns_zone.database.id"),
  },
  needs: ["azurerm_private_dns_zone_virtual_network_link.database"],
};

export function databaseBlocks(where: ServerPlace): readonly Block[] {
  return [
    ephemeral("azurerm_key_vault_secret", "administrator", {
      name: ref("azurerm_key_vault_secret.administrator.name"),
      key_vault_id: ref("azurerm_key_vault.main.id"),
    }),
    resource("azurerm_postgresql_flexible_server", "main", {
      ...place(),
      name: ref("var.database_server_name"),
      version: ref("var.database_version"),
      sku_name: ref("var.database_sku"),
      storage_mb: ref("var.database_storage_mb"),
      auto_grow_enabled: true,
      backup_retention_days: ref("var.database_backup_days"),
      ...where.arguments,
      public_network_access_enabled: false,
      administrator_login: "tenon_admin",
      // What the vault has: it is in no state.
      administrator_password_wo: ref("ephemeral.azurerm_key_vault_secret.administrator.value"),
      administrator_password_wo_version: ref("var.secrets_version"),
      lifecycle: [{ ignore_changes: ["zone"] }],
      ...(where.needs.length === 0 ? {} : { depends_on: where.needs }),
    }),
    resource("azurerm_management_lock", "database", {
      count: ref("var.deletion_protection ? 1 : 0"),
      name: "database",
      scope: ref("azurerm_postgresql_flexible_server.main.id"),
      lock_level: "CanNotDelete",
      notes: "Holds the data of the app.",
    }),
  ];
}

/** The server's key is in the state, where Azure puts it, and in the vault, where processes read it. */
export function cacheBlocks({ caches }: Deployment): readonly Block[] {
  return caches.flatMap(({ name, evictionPolicy }) => {
    const server = `azurerm_managed_redis.${label(name)}`;
    const secret = cacheSecret(name);
    return [
      resource("azurerm_managed_redis", label(name), {
        ...place(`-${name}`),
        sku_name: ref("var.cache_sku"),
        high_availability_enabled: ref("var.cache_high_availability"),
        default_database: [
          {
            access_keys_authentication_enabled: true,
            client_protocol: "Encrypted",
            clustering_policy: "NoCluster",
            eviction_policy: evictionName(evictionPolicy),
          },
        ],
      }),
      resource("azurerm_key_vault_secret", secret.label, {
        name: secret.name,
        key_vault_id: ref("azurerm_key_vault.main.id"),
        value_wo: ref(`${server}.default_database[0].primary_access_key`),
        value_wo_version: 1,
        tags: ref("local.tags"),
        depends_on: ["azurerm_role_assignment.operator"],
      }),
    ];
  });
}

export function cachePlace(cache: string): Body {
  const server = `azurerm_managed_redis.${label(cache)}`;
  return {
    host: `${ref(`${server}.hostname`)}:${ref(`${server}.default_database[0].port`)}`,
    auth: { type: "auth_string", auth_string: { $env: cacheSecret(cache).variable } },
    tls_config: {},
  };
}

/** "allkeys-lru" -> "AllKeysLRU". */
function evictionName(policy: string): string {
  const words: Readonly<Record<string, string>> = {
    allkeys: "AllKeys",
    volatile: "Volatile",
    random: "Random",
    noeviction: "NoEviction",
  };
  return policy
    .split("-")
    .map((word) => words[word] ?? word.toUpperCase())
    .join("");
}
