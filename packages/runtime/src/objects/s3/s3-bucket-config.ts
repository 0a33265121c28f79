// Where a bucket of an S3-compatible store is, and who may use it.
import type { AwsKeys } from "../../cloud/aws/aws-keys.ts";

export interface S3Place {
  /** Buckets of other stores say which. */
  readonly store?: undefined;
  /** "https://s3.eu-central-1.amazonaws.com". */
  readonly endpoint: string;
  readonly region: string;
  /** Name of the bucket there. */
  readonly bucketName: string;
  /** Goes in front of every name. */
  readonly keyPrefix?: string;
  /** Under which the objects of a public bucket are reached. */
  readonly publicBaseUrl?: string;
}

/** "environment": those that the process has at AWS by its role, which change while it runs. */
export type S3Account = AwsKeys | { readonly keysFrom: "environment" };
export type S3BucketConfig = S3Place & S3Account;
