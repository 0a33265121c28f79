// Where a bucket of Google Cloud Storage is, used with the Google identity of the process.

export interface GcsBucketConfig {
  readonly store: "gcs";
  /** "https://storage.googleapis.com". */
  readonly endpoint: string;
  /** Name of the bucket there. */
  readonly bucketName: string;
  /** Goes in front of every name. */
  readonly keyPrefix?: string;
  /** Under which the objects of a public bucket are reached. */
  readonly publicBaseUrl?: string;
}
