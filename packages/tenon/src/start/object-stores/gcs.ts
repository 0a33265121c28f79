// Google Cloud Storage in infra.json: as the Google identity of the process, or with an HMAC key by its S3-compatible API.
import type { RemoteBucketConfig } from "@tenon/runtime";
import type { InfraValues, Settings } from "../infra-values.ts";
import { readBuckets } from "./buckets.ts";
import { readEndpoint } from "./endpoint.ts";
import { readKeyPair } from "./key-pair.ts";

export function readGcs(store: Settings, at: string, values: InfraValues): Record<string, RemoteBucketConfig> {
  values.only(store, ["type", "endpoint", "access_key_id", "secret_access_key", "buckets"], at);
  const endpoint = readEndpoint(store, "https://storage.googleapis.com", at, values);
  const hasKeys = store["access_key_id"] !== undefined || store["secret_access_key"] !== undefined;
  if (!hasKeys) return readBuckets(store, at, { store: "gcs" as const, endpoint }, values);
  return readBuckets(store, at, { region: "auto", endpoint, ...readKeyPair(store, at, values) }, values);
}
