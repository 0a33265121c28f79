// `object_storage` of infra.json: one folder for all buckets, or any number of S3-compatible stores.
import { resolve } from "node:path";
import type { ObjectsConfig, S3Account, S3BucketConfig } from "@tenon/runtime";
import { awsKeySource, CloudCredentialsError } from "@tenon/runtime/cloud";
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
  const buckets: Record<string, S3BucketConfig> = {};
  stores.forEach((store, i) => {
    const at = `object_storage[${i}]`;
    for (const [name, bucket] of Object.entries(readStore(store, at, values, environment))) {
      if (buckets[name] !== undefined)
        values.problems.push(`${at}.buckets.${name}: the bucket "${name}" is in another store of this file too`);
      buckets[name] = bucket;
    }
  });
  return { kind: "s3", buckets };
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
): Record<string, S3BucketConfig> {
  const { type } = store;
  if (type === "s3") {
    values.only(store, ["type", "region", "endpoint", "access_key_id", "secret_access_key", "buckets"], at);
    const region = values.text(store["region"], `${at}.region`);
    const place = { region, endpoint: readEndpoint(store, `https://s3.${region}.amazonaws.com`, at, values) };
    return readBuckets(store, at, { ...place, ...readAccount(store, at, values, environment) }, values);
  }
  if (type === "gcs") {
    values.only(store, ["type", "endpoint", "access_key_id", "secret_access_key", "buckets"], at);
    const place = { region: "auto", endpoint: readEndpoint(store, "https://storage.googleapis.com", at, values) };
    return readBuckets(store, at, { ...place, ...readHmacKey(store, at, values) }, values);
  }
  values.problems.push(`${at}.type must be "s3" (any S3-compatible store), "gcs" or, alone, "files"`);
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

/** Google's store takes S3 requests under a key of its own kind; the tokens that Google's libraries use are not for those. */
function readHmacKey(store: Settings, at: string, values: InfraValues): S3Account {
  if (store["access_key_id"] !== undefined || store["secret_access_key"] !== undefined)
    return readKeyPair(store, at, values);
  values.problems.push(
    `${at}: Tenon speaks to Google Cloud Storage by its S3-compatible API, which needs an HMAC key: add "access_key_id" and "secret_access_key" of one (gcloud storage hmac create)`,
  );
  return { accessKeyId: "", secretAccessKey: "" };
}

function readKeyPair(store: Settings, at: string, values: InfraValues): S3Account {
  return {
    accessKeyId: values.text(store["access_key_id"], `${at}.access_key_id`),
    secretAccessKey: values.text(store["secret_access_key"], `${at}.secret_access_key`),
  };
}

function readBuckets(
  store: Settings,
  at: string,
  place: S3Account & { readonly region: string; readonly endpoint: string },
  values: InfraValues,
): Record<string, S3BucketConfig> {
  const buckets = Object.entries(values.object(store["buckets"] ?? {}, `${at}.buckets`));
  return Object.fromEntries(
    buckets.map(([name, value]) => {
      const bucketAt = `${at}.buckets.${name}`;
      const bucket = values.object(value, bucketAt);
      values.only(bucket, ["name", "key_prefix", "public_base_url"], bucketAt);
      const text = (key: string) => values.text(bucket[key], `${bucketAt}.${key}`);
      return [
        name,
        {
          ...place,
          bucketName: bucket["name"] === undefined ? name : text("name"),
          ...(bucket["key_prefix"] === undefined ? {} : { keyPrefix: text("key_prefix") }),
          ...(bucket["public_base_url"] === undefined ? {} : { publicBaseUrl: text("public_base_url") }),
        },
      ];
    }),
  );
}

function readEndpoint(store: Settings, usual: string, at: string, values: InfraValues): string {
  if (store["endpoint"] === undefined) return usual;
  const endpoint = values.text(store["endpoint"], `${at}.endpoint`);
  const isUrl = /^https?:\/\//.test(endpoint) && URL.canParse(endpoint);
  if (values.isKnown(endpoint) && !isUrl)
    values.problems.push(`${at}.endpoint must be an http:// or https:// URL, got "${endpoint}"`);
  return endpoint;
}
