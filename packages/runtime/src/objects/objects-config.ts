// Where the objects of an app's buckets are kept.
import type { S3BucketConfig } from "./s3/s3-bucket-config.ts";

export type ObjectsConfig =
  | {
      readonly kind: "files";
      readonly directory: string;
      /** Where the gateway is reached, which serves public objects and signed URLs. */
      readonly baseUrl: string;
      readonly signingKey: string;
    }
  | { readonly kind: "s3"; readonly buckets: Readonly<Record<string, S3BucketConfig>> };
