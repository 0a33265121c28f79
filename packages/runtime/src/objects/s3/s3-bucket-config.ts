// Where a bucket of an S3-compatible store is, and who may use it.

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
  /** Under which the objects of a public bucket are reached. */
  readonly publicBaseUrl?: string;
}
