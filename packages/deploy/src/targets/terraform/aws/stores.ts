// What keeps data on AWS: a PostgreSQL server with a database per declaration, a Valkey server per cache cluster, a bucket per bucket.
import type { Deployment } from "../../../deployment/deployment.ts";
import type { Json } from "../../../deployment/unit-infra.ts";
import { type Block, type Body, data, label, ref, resource } from "../blocks.ts";
import { cacheGroup, cachePort, databasePort } from "./grants.ts";

/** Certificates of RDS lead to an authority that Node does not know: its certificates come with the deployment. */
export const databaseServer: Body = {
  host: `${ref("aws_db_instance.main.address")}:${databasePort}`,
  tls_config: { ca: ref("data.http.database_ca.response_body") },
};

export function databaseBlocks(): readonly Block[] {
  return [
    data("http", "database_ca", {
      url: `https://truststore.pki.rds.amazonaws.com/${ref("var.region")}/${ref("var.region")}-bundle.pem`,
    }),
    resource("aws_db_subnet_group", "main", {
      name: ref("var.name"),
      subnet_ids: ref("var.private_subnet_ids"),
    }),
    resource("aws_db_instance", "main", {
      identifier: ref("var.name"),
      engine: "postgres",
      engine_version: ref("var.database_version"),
      instance_class: ref("var.database_instance_class"),
      allocated_storage: ref("var.database_storage_gb"),
      max_allocated_storage: ref("var.database_storage_gb * 5"),
      storage_type: "gp3",
      storage_encrypted: true,
      multi_az: ref("var.database_multi_az"),
      db_subnet_group_name: ref("aws_db_subnet_group.main.name"),
      vpc_security_group_ids: [ref("aws_security_group.database.id")],
      publicly_accessible: false,
      username: "tenon_admin",
      // RDS makes it, keeps it in Secrets Manager and changes it: it is in no state.
      manage_master_user_password: true,
      backup_retention_period: ref("var.database_backup_days"),
      copy_tags_to_snapshot: true,
      auto_minor_version_upgrade: true,
      deletion_protection: ref("var.deletion_protection"),
      skip_final_snapshot: false,
      final_snapshot_identifier: `${ref("var.name")}-final`,
    }),
  ];
}

export function cacheBlocks({ caches }: Deployment): readonly Block[] {
  if (caches.length === 0) return [];
  return [
    resource("aws_elasticache_subnet_group", "main", {
      name: ref("var.name"),
      subnet_ids: ref("var.private_subnet_ids"),
    }),
    ...caches.flatMap(({ name, evictionPolicy }) => cacheServer(name, evictionPolicy)),
  ];
}

export function cachePlace(cache: string): Body {
  return {
    host: `${ref(`aws_elasticache_replication_group.${label(cache)}.primary_endpoint_address`)}:${cachePort}`,
    tls_config: {},
  };
}

export function bucketBlocks({ buckets }: Deployment): readonly Block[] {
  return buckets.flatMap(({ name, isPublic, isVersioned }) => [
    resource("aws_s3_bucket", label(name), { bucket_prefix: bucketPrefix(name) }),
    resource("aws_s3_bucket_public_access_block", label(name), {
      bucket: bucketId(name),
      block_public_acls: true,
      ignore_public_acls: true,
      block_public_policy: !isPublic,
      restrict_public_buckets: !isPublic,
    }),
    resource("aws_s3_bucket_lifecycle_configuration", label(name), {
      bucket: bucketId(name),
      rule: [
        {
          id: "uploads-that-were-left",
          status: "Enabled",
          filter: [{}],
          abort_incomplete_multipart_upload: [{ days_after_initiation: 7 }],
        },
      ],
    }),
    ...(isVersioned
      ? [
          resource("aws_s3_bucket_versioning", label(name), {
            bucket: bucketId(name),
            versioning_configuration: [{ status: "Enabled" }],
          }),
        ]
      : []),
    ...(isPublic ? publicReading(name) : []),
  ]);
}

/** Without keys: the process signs with what its role is given, anew every few hours. */
export function objectStorage(deployment: Deployment, buckets: readonly string[]): Body {
  const places = buckets.map((name): [string, Json] => {
    const isPublic = deployment.buckets.some((one) => one.name === name && one.isPublic);
    const url = `https://${ref(`aws_s3_bucket.${label(name)}.bucket_regional_domain_name`)}`;
    return [name, { name: ref(`aws_s3_bucket.${label(name)}.bucket`), ...(isPublic ? { public_base_url: url } : {}) }];
  });
  return { type: "s3", region: ref("var.region"), buckets: Object.fromEntries(places) };
}

function cacheServer(name: string, evictionPolicy: string): readonly Block[] {
  const own = label(name);
  return [
    resource("aws_elasticache_parameter_group", own, {
      name: `${ref("var.name")}-${name}`,
      family: "valkey8",
      parameter: [{ name: "maxmemory-policy", value: evictionPolicy }],
    }),
    resource("aws_elasticache_replication_group", own, {
      replication_group_id: `${ref("var.name")}-${name}`,
      description: `Cache ${name} of ${ref("var.name")}.`,
      engine: "valkey",
      engine_version: "8.0",
      node_type: ref("var.cache_node_type"),
      port: cachePort,
      num_cache_clusters: ref("1 + var.cache_replicas"),
      automatic_failover_enabled: ref("var.cache_replicas > 0"),
      multi_az_enabled: ref("var.cache_replicas > 0"),
      parameter_group_name: ref(`aws_elasticache_parameter_group.${own}.name`),
      subnet_group_name: ref("aws_elasticache_subnet_group.main.name"),
      security_group_ids: [ref(`aws_security_group.${cacheGroup(name)}.id`)],
      transit_encryption_enabled: true,
      at_rest_encryption_enabled: "true",
    }),
  ];
}

function publicReading(name: string): readonly Block[] {
  return [
    data("aws_iam_policy_document", `public_${label(name)}`, {
      statement: [
        {
          sid: "ReadByEverybody",
          actions: ["s3:GetObject"],
          resources: [`${ref(`aws_s3_bucket.${label(name)}.arn`)}/*`],
          principals: [{ type: "*", identifiers: ["*"] }],
        },
      ],
    }),
    resource("aws_s3_bucket_policy", label(name), {
      bucket: bucketId(name),
      policy: ref(`data.aws_iam_policy_document.public_${label(name)}.json`),
      depends_on: [`aws_s3_bucket_public_access_block.${label(name)}`],
    }),
  ];
}

/** 37 characters at most; the rest of the name is AWS's. */
function bucketPrefix(name: string): string {
  return `${ref("var.name")}-${name
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, "-")
    .slice(0, 14)}-`;
}

function bucketId(name: string): string {
  return ref(`aws_s3_bucket.${label(name)}.id`);
}
