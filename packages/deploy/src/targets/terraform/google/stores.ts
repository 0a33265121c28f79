// What keeps data on Google Cloud: a PostgreSQL server with a database per declaration, a Redis server per cache cluster, a bucket per bucket.
import type { Deployment } from "../../../deployment/deployment.ts";
import type { Json } from "../../../deployment/unit-infra.ts";
import { type Block, type Body, label, ref, resource } from "../blocks.ts";
import { networkId } from "./network.ts";
import { cachePort, databasePort } from "./grants.ts";

/** Each server has an authority of its own, which names no host: whoever has a certificate of it is that server. */
export const databaseServer: Body = {
  host: `${ref("google_sql_database_instance.main.private_ip_address")}:${databasePort}`,
  tls_config: {
    ca: ref("google_sql_database_instance.main.server_ca_cert[0].cert"),
    disable_tls_hostname_verification: true,
  },
};

export function databaseBlocks(): readonly Block[] {
  return [
    resource("google_sql_database_instance", "main", {
      name: ref("var.name"),
      region: ref("var.region"),
      database_version: ref("var.database_version"),
      deletion_protection: ref("var.deletion_protection"),
      settings: [
        {
          tier: ref("var.database_tier"),
          edition: "ENTERPRISE",
          availability_type: ref('var.database_high_availability ? "REGIONAL" : "ZONAL"'),
          disk_type: "PD_SSD",
          disk_autoresize: true,
          deletion_protection_enabled: ref("var.deletion_protection"),
          user_labels: ref("local.labels"),
          backup_configuration: [{ enabled: true, point_in_time_recovery_enabled: true }],
          ip_configuration: [
            {
              ipv4_enabled: false,
              private_network: networkId,
              ssl_mode: "ENCRYPTED_ONLY",
            },
          ],
        },
      ],
      depends_on: ["google_service_networking_connection.servers"],
    }),
    resource("google_sql_user", "administrator", {
      name: "tenon_admin",
      instance: ref("google_sql_database_instance.main.name"),
      password_wo: ref("ephemeral.google_secret_manager_secret_version.administrator.secret_data"),
      password_wo_version: ref("var.secrets_version"),
    }),
  ];
}

export function cacheBlocks({ caches }: Deployment): readonly Block[] {
  return caches.map(({ name, evictionPolicy }) =>
    resource("google_redis_instance", label(name), {
      name: `${ref("var.name")}-${name}`,
      region: ref("var.region"),
      tier: ref("var.cache_tier"),
      memory_size_gb: ref("var.cache_memory_gb"),
      redis_version: "REDIS_7_2",
      redis_configs: { "maxmemory-policy": evictionPolicy },
      connect_mode: "PRIVATE_SERVICE_ACCESS",
      authorized_network: networkId,
      transit_encryption_mode: "SERVER_AUTHENTICATION",
      labels: ref("local.labels"),
      depends_on: ["google_service_networking_connection.servers"],
    }),
  );
}

export function cachePlace(cache: string): Body {
  const server = `google_redis_instance.${label(cache)}`;
  return {
    host: `${ref(`${server}.host`)}:${cachePort}`,
    tls_config: { ca: ref(`${server}.server_ca_certs[0].cert`), disable_tls_hostname_verification: true },
  };
}

export function bucketBlocks({ buckets }: Deployment): readonly Block[] {
  return buckets.flatMap(({ name, isPublic, isVersioned }) => [
    resource("google_storage_bucket", label(name), {
      name: `${ref("var.project")}-${ref("var.name")}-${name.toLowerCase().replaceAll(/[^a-z0-9]+/g, "-")}`,
      location: ref("var.region"),
      uniform_bucket_level_access: true,
      public_access_prevention: isPublic ? "inherited" : "enforced",
      labels: ref("local.labels"),
      ...(isVersioned ? { versioning: [{ enabled: true }] } : {}),
      lifecycle_rule: [{ condition: [{ age: 7 }], action: [{ type: "AbortIncompleteMultipartUpload" }] }],
    }),
    ...(isPublic
      ? [
          resource("google_storage_bucket_iam_member", `public_${label(name)}`, {
            bucket: ref(`google_storage_bucket.${label(name)}.name`),
            role: "roles/storage.objectViewer",
            member: "allUsers",
          }),
        ]
      : []),
  ]);
}

/** Without keys: requests carry tokens of the process's service account. */
export function objectStorage(deployment: Deployment, buckets: readonly string[]): Body {
  return { type: "gcs", buckets: bucketPlaces(deployment, buckets) };
}

function bucketPlaces(deployment: Deployment, buckets: readonly string[]): Body {
  const places = buckets.map((name): [string, Json] => {
    const bucket = ref(`google_storage_bucket.${label(name)}.name`);
    const isPublic = deployment.buckets.some((one) => one.name === name && one.isPublic);
    return [
      name,
      { name: bucket, ...(isPublic ? { public_base_url: `https://storage.googleapis.com/${bucket}` } : {}) },
    ];
  });
  return Object.fromEntries(places);
}
