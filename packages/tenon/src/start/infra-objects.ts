// `object_storage` of infra.json: one folder for all buckets, or any number of stores that are reached over HTTP.
import { resolve } from "node:path";
import type { ObjectsConfig, RemoteBucketConfig, S3Account } from "@tenon/runtime";
import { awsEndpoint, awsKeySource, CloudCredentialsError } from "@tenon/runtime/cloud";
import { readAzureBlob } from "./object-stores/azure-blob.ts";
import { readBuckets } from "./object-stores/buckets.ts";
import { readEndpoint } from "./object-stores/endpoint.ts";
import { readGcs } from "./object-stores/gcs.ts";
import { readKeyPair } from "./object-stores/key-pair.ts";
import type { InfraValues, Settings } from "./infra-values.ts";

const FROM_MACHINE =
  "nothing in the environment says where to get them: they will be asked of the EC2 machine that the process runs on";

type Environment = Readonly<Record<string, string | undefined>>;

export function readObjects(value: unknown, values: InfraValues, environment: Environment): ObjectsConfig | undefined {
  const items = values.array(value ?? [], "object_storage");
  const stores = items.map((store, i) => values.object(store, `object_storage[${i}]`));
  const [first] = stores;
  if (first === undefined) return undefined;
  if (first["type"] === "files" && stores.length === 1) return readFiles(first, "object_storage[0]", values);
  const buckets: Record<string, RemoteBucketConfig> = {};
  stores.forEach((store, i) => {
    const at = `object_storage[${i}]`;
    for (const [name, bucket] of Object.entries(readStore(store, at, values, environment))) {
      if (buckets[name] !== undefined)
        values.problems.push(`${at}.buckets.${name}: the bucket "${name}" is in another store of this file too`);
      buckets[name] = bucket;
    }
  });
  return { kind: "remote", buckets };
}

function readFiles(store: Settings, at: string, values: InfraValues): ObjectsConfig {
  values.only(store, ["type", "directory", "base_url", "signing_key"], at);
  const signingKey = values.text(store["signing_key"], `${at}.signing_key`);
  if (values.isKnown(signingKey) && signingKey.length < 16)
    values.problems.push(`${at}.signing_key must have at least 16 characters: who knows it can sign URLs`);
  return {
    kind: "files",
    directory: resolve(values.folder, values.text(store["directory"], `${at}.directory`)),
    baseUrl: values.text(store["base_url"], `${at}.base_url`).replace(/\/$/, ""),
    signingKey,
  };
}

function readStore(
  store: Settings,
  at: string,
  values: InfraValues,
  environment: Environment,
): Record<string, RemoteBucketConfig> {
  const { type } = store;
  if (type === "s3") {
    values.only(store, ["type", "region", "endpoint", "access_key_id", "secret_access_key", "buckets"], at);
    const region = values.text(store["region"], `${at}.region`);
    const place = { region, endpoint: readEndpoint(store, awsEndpoint("s3", region, {}), at, values) };
    return readBuckets(store, at, { ...place, ...readAccount(store, at, values, environment) }, values);
  }
  if (type === "gcs") return readGcs(store, at, values);
  if (type === "azure_blob") return readAzureBlob(store, at, values);
  const kinds = '"s3" (any S3-compatible store), "gcs", "azure_blob" or, alone, "files"';
  values.problems.push(`${at}.type must be ${kinds}`);
  return {};
}

/** Keys of the file, else those that the process has at AWS by its environment or its role. */
function readAccount(store: Settings, at: string, values: InfraValues, environment: Environment): S3Account {
  const { access_key_id: id, secret_access_key: secret } = store;
  if (id !== undefined || secret !== undefined) return readKeyPair(store, at, values);
  if (values.isWithoutValues) return { keysFrom: "environment" };
  try {
    const source = awsKeySource(environment);
    if (source.kind === "environment") return source.keys;
    if (source.kind === "instance")
      values.notices.push(`${at} has no access_key_id and secret_access_key, and ${FROM_MACHINE}`);
  } catch (error) {
    if (!(error instanceof CloudCredentialsError)) throw error;
    values.problems.push(`${at}: ${error.message}`);
  }
  return { keysFrom: "environment" };
}
