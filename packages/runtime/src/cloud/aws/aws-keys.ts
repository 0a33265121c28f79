// What requests to AWS, and to stores that speak like S3, are signed with.
export interface AwsKeys {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  /** Of keys that hold for a while only. */
  readonly sessionToken?: string;
}
