// `object_storage` of infra.json: one folder for all buckets, or any number of S3-compatible stores.
import { resolve } from "node:path";
import type { ObjectsConfig, S3BucketConfig } from "@tenon/runtime";
import type { InfraValues } from "./infra-redis.ts";

type Settings = Record<string, unknown>;

/** `folder`: where relative paths of the file begin. */
export function readObjects(items: readonly unknown[], values: InfraValues, folder: string): ObjectsConfig | undefined {
  const stores = items.map((store, i) => values.object(store, `object_storage[${i}]`));
  const [first] = stores;
  if (first === undefined) return undefined;
  if (first["type"] === "files" && stores.length === 1) return readFiles(first, "object_storage[0]", values, folder);
  const buckets: Record<string, S3BucketConfig> = {};
  stores.forEach((store, i) => {
    Object.assign(buckets, s3Buckets(store, `object_storage[${i}]`, values));
  });
  return { kind: "s3", buckets };
}

function readFiles(store: Settings, at: string, values: InfraValues, folder: string): ObjectsConfig {
  values.only(store, ["type", "directory", "base_url", "signing_key"], at);
  const signingKey = values.text(store["signing_key"], `${at}.signing_key`);
  if (signingKey.length < 16)
    values.problems.push(`${at}.signing_key must have at least 16 characters: who knows it can sign URLs`);
  return {
    kind: "files",
    directory: resolve(folder, values.text(store["directory"], `${at}.directory`)),
    baseUrl: values.text(store["base_url"], `${at}.base_url`).replace(/\/$/, ""),
    signingKey,
  };
}

function s3Buckets(store: Settings, at: string, values: InfraValues): Record<string, S3BucketConfig> {
  if (store["type"] !== "s3") {
    const known = '"s3" (any S3-compatible store, Google Cloud Storage by its S3 endpoint) or, alone, "files"';
    values.problems.push(`${at}.type must be ${known}`);
    return {};
  }
  values.only(store, ["type", "region", "endpoint", "access_key_id", "secret_access_key", "buckets"], at);
  const region = values.text(store["region"], `${at}.region`);
  const account = {
    region,
    endpoint: readEndpoint(store["endpoint"], region, `${at}.endpoint`, values),
    accessKeyId: values.text(store["access_key_id"], `${at}.access_key_id`),
    secretAccessKey: values.text(store["secret_access_key"], `${at}.secret_access_key`),
  };
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
          ...account,
          bucketName: bucket["name"] === undefined ? name : text("name"),
          ...(bucket["key_prefix"] === undefined ? {} : { keyPrefix: text("key_prefix") }),
          ...(bucket["public_base_url"] === undefined ? {} : { publicBaseUrl: text("public_base_url") }),
        },
      ];
    }),
  );
}

function readEndpoint(value: unknown, region: string, at: string, values: InfraValues): string {
  if (value === undefined) return `https://s3.${region}.amazonaws.com`;
  const endpoint = values.text(value, at);
  const isUrl = /^https?:\/\//.test(endpoint) && URL.canParse(endpoint);
  if (endpoint !== "" && !isUrl) values.problems.push(`${at} must be an http:// or https:// URL, got "${endpoint}"`);
  return endpoint;
}
