// Where the objects of an app's buckets are kept.
import type { AzureBucketConfig } from "./azure/azure-bucket-config.ts";
import type { GcsBucketConfig } from "./gcs/gcs-bucket-config.ts";
import type { S3BucketConfig } from "./s3/s3-bucket-config.ts";

/** A bucket of an object store that is reached over HTTP. */
export type RemoteBucketConfig = S3BucketConfig | GcsBucketConfig | AzureBucketConfig;

export type ObjectsConfig =
  | {
      readonly kind: "files";
      readonly directory: string;
      /** Where the gateway is reached, which serves public objects and signed URLs. */
      readonly baseUrl: string;
      readonly signingKey: string;
    }
  | { readonly kind: "remote"; readonly buckets: Readonly<Record<string, RemoteBucketConfig>> };
