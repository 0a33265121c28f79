// Every key that infra.config.json of Encore.ts can have, as paths, and the paths of the keys of a file.

/** Entries of a list are told by their `type` where they have one, names that users choose are "*". */
export const incumbentKeys = [
  "metadata.app_id",
  "metadata.env_name",
  "metadata.env_type",
  "metadata.cloud",
  "metadata.base_url",
  "graceful_shutdown.total",
  "graceful_shutdown.shutdown_hooks",
  "graceful_shutdown.handlers",
  "auth[key].id",
  "auth[key].key",
  "service_discovery.*.base_url",
  "service_discovery.*.auth[key].id",
  "service_discovery.*.auth[key].key",
  "metrics[prometheus].remote_write_url",
  "metrics[prometheus].collection_interval",
  "metrics[datadog].site",
  "metrics[datadog].api_key",
  "metrics[datadog].collection_interval",
  "metrics[gcp_cloud_monitoring].project_id",
  "metrics[gcp_cloud_monitoring].monitored_resource_type",
  "metrics[gcp_cloud_monitoring].monitored_resource_labels.*",
  "metrics[gcp_cloud_monitoring].metric_names.*",
  "metrics[gcp_cloud_monitoring].collection_interval",
  "metrics[aws_cloudwatch].namespace",
  "metrics[aws_cloudwatch].collection_interval",
  "used_metrics[]",
  "sql_servers[].host",
  "sql_servers[].tls_config.disabled",
  "sql_servers[].tls_config.ca",
  "sql_servers[].tls_config.client_cert.cert",
  "sql_servers[].tls_config.client_cert.key",
  "sql_servers[].tls_config.disable_tls_hostname_verification",
  "sql_servers[].tls_config.disable_ca_validation",
  "sql_servers[].databases.*.name",
  "sql_servers[].databases.*.username",
  "sql_servers[].databases.*.password",
  "sql_servers[].databases.*.min_connections",
  "sql_servers[].databases.*.max_connections",
  "sql_servers[].databases.*.client_cert.cert",
  "sql_servers[].databases.*.client_cert.key",
  "redis.*.host",
  "redis.*.database_index",
  "redis.*.auth[acl].username",
  "redis.*.auth[acl].password",
  "redis.*.auth[auth_string].auth_string",
  "redis.*.key_prefix",
  "redis.*.tls_config.disabled",
  "redis.*.tls_config.ca",
  "redis.*.tls_config.client_cert.cert",
  "redis.*.tls_config.client_cert.key",
  "redis.*.tls_config.disable_tls_hostname_verification",
  "redis.*.tls_config.disable_ca_validation",
  "redis.*.min_connections",
  "redis.*.max_connections",
  "redis.*.in_memory",
  "pubsub[gcp_pubsub].project_id",
  "pubsub[gcp_pubsub].topics.*.name",
  "pubsub[gcp_pubsub].topics.*.project_id",
  "pubsub[gcp_pubsub].topics.*.subscriptions.*.name",
  "pubsub[gcp_pubsub].topics.*.subscriptions.*.project_id",
  "pubsub[gcp_pubsub].topics.*.subscriptions.*.push_config.id",
  "pubsub[gcp_pubsub].topics.*.subscriptions.*.push_config.service_account",
  "pubsub[gcp_pubsub].topics.*.subscriptions.*.push_config.jwt_audience",
  "pubsub[aws_sns_sqs].topics.*.arn",
  "pubsub[aws_sns_sqs].topics.*.subscriptions.*.url",
  "pubsub[nsq].hosts",
  "pubsub[nsq].topics.*.name",
  "pubsub[nsq].topics.*.subscriptions.*.name",
  "object_storage[gcs].endpoint",
  "object_storage[gcs].buckets.*.name",
  "object_storage[gcs].buckets.*.key_prefix",
  "object_storage[gcs].buckets.*.public_base_url",
  "object_storage[s3].region",
  "object_storage[s3].endpoint",
  "object_storage[s3].access_key_id",
  "object_storage[s3].secret_access_key",
  "object_storage[s3].buckets.*.name",
  "object_storage[s3].buckets.*.key_prefix",
  "object_storage[s3].buckets.*.public_base_url",
  "secrets.*",
  "secrets",
  "hosted_services[]",
  "hosted_gateways[]",
  "cors.debug",
  "cors.allow_headers[]",
  "cors.expose_headers[]",
  "cors.allow_origins_without_credentials[]",
  "cors.allow_origins_with_credentials[]",
  "worker_threads",
  "log_config",
];

/** What is refused on purpose, by the fixture of `broken` that shows with which words. */
export const refusedOnPurpose = {
  "in_memory: each replica would have a cache of its own": "cache-in-memory",
  "several entries of pubsub: one engine keeps the messages of all topics": "two-engines-of-messages",
  "azure_service_bus, which its documentation names and its runtime for TypeScript has not":
    "messages-in-azure-service-bus",
  "auth of service_discovery with another key: all processes share the keys": "service-with-another-key",
};

const maps = ["databases", "topics", "subscriptions", "buckets", "monitored_resource_labels", "metric_names"];
const rootMaps = ["service_discovery", "redis", "secrets"];

/** @returns {string[]} of all values in it that are neither lists nor objects with keys of the file's own */
export function keyPaths(content) {
  return Object.entries(content).flatMap(([key, value]) => below(value, key, rootMaps.includes(key)));
}

function below(value, at, isMap) {
  if (Array.isArray(value)) {
    return value.flatMap((item) => below(item, typeof item === "object" && item.type ? at : `${at}[]`, false));
  }
  if (typeof value !== "object" || value === null || "$env" in value) return [at];
  const { type, ...rest } = value;
  const here = typeof type === "string" && !isMap ? `${at}[${type}]` : at;
  return Object.entries(isMap ? value : rest).flatMap(([key, item]) =>
    isMap ? below(item, `${here}.*`, false) : below(item, `${here}.${key}`, maps.includes(key)),
  );
}
