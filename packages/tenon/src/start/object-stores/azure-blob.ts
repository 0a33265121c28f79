// Azure Blob Storage in infra.json: containers of one storage account, with its key or as the identity that the process has at Azure.
import type { RemoteBucketConfig } from "@tenon/runtime";
import type { InfraValues, Settings } from "../infra-values.ts";
import { readBuckets } from "./buckets.ts";
import { readEndpoint } from "./endpoint.ts";

const ACCOUNT = /^[a-z0-9]{3,24}$/;
const BASE64 = /^[A-Za-z0-9+/]+={0,2}$/;

export function readAzureBlob(store: Settings, at: string, values: InfraValues): Record<string, RemoteBucketConfig> {
  values.only(store, ["type", "account", "endpoint", "account_key", "buckets"], at);
  const account = values.text(store["account"], `${at}.account`);
  if (values.isKnown(account) && !ACCOUNT.test(account))
    values.problems.push(`${at}.account must be the name of a storage account, got ${JSON.stringify(account)}`);
  const endpoint = readEndpoint(store, `https://${account}.blob.core.windows.net`, at, values);
  const place = { store: "azure" as const, endpoint, account };
  if (store["account_key"] === undefined) return readBuckets(store, at, place, values);
  const accountKey = values.text(store["account_key"], `${at}.account_key`);
  // Never the key itself.
  if (values.isKnown(accountKey) && !BASE64.test(accountKey))
    values.problems.push(`${at}.account_key must be a key in base64, as Azure shows it`);
  return readBuckets(store, at, { ...place, accountKey }, values);
}
