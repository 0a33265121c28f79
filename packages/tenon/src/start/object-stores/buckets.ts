// The buckets of one object store: what each is called there.
import type { InfraValues, Settings } from "../infra-values.ts";

export interface NamedBucket {
  readonly bucketName: string;
  readonly keyPrefix?: string;
  readonly publicBaseUrl?: string;
}

/** `place`: what all of them share. */
export function readBuckets<Place extends object>(
  store: Settings,
  at: string,
  place: Place,
  values: InfraValues,
): Record<string, Place & NamedBucket> {
  const buckets = Object.entries(values.object(store["buckets"] ?? {}, `${at}.buckets`));
  return Object.fromEntries(
    buckets.map(([name, value]) => {
      const bucketAt = `${at}.buckets.${name}`;
      const bucket = values.object(value, bucketAt);
      values.only(bucket, ["name", "key_prefix", "public_base_url"], bucketAt);
      const text = (key: string) => values.text(bucket[key], `${bucketAt}.${key}`);
      const named: Place & NamedBucket = {
        ...place,
        bucketName: bucket["name"] === undefined ? name : text("name"),
        ...(bucket["key_prefix"] === undefined ? {} : { keyPrefix: text("key_prefix") }),
        ...(bucket["public_base_url"] === undefined ? {} : { publicBaseUrl: text("public_base_url") }),
      };
      return [name, named];
    }),
  );
}
