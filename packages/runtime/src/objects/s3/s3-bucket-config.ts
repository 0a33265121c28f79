// Where a bucket of an S3-compatible store is, and who may use it.

export interface S3Place {
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

export interface S3Keys {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  /** Of keys that hold for a while only. */
  readonly sessionToken?: string;
}

/** Where a container gets the keys of its role, which change while it runs. */
export interface S3KeysEndpoint {
  readonly url: string;
  /** Sent as `authorization`; that of the file, read each time, goes before the other. */
  readonly token?: string;
  readonly tokenFile?: string;
}

export type S3Account = S3Keys | { readonly keysFrom: S3KeysEndpoint };
export type S3BucketConfig = S3Place & S3Account;
