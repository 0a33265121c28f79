// Where a bucket of an S3-compatible store is, and who may use it.

import type { CredentialsEndpoint } from "./container-credentials.ts";

export interface S3BucketConfig {
  /** "https://s3.eu-central-1.amazonaws.com". */
  readonly endpoint: string;
  readonly region: string;
  /** Name of the bucket there. */
  readonly bucketName: string;
  /** Goes in front of every name. */
  readonly keyPrefix?: string;
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  /** Of keys that hold for a while only. */
  readonly sessionToken?: string;
  /** Where keys that hold for a while are got in place of these: by containers on AWS, from the role they have. */
  readonly credentialsEndpoint?: CredentialsEndpoint;
  /** Under which the objects of a public bucket are reached. */
  readonly publicBaseUrl?: string;
}
