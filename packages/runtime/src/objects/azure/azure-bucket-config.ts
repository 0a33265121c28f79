// Where a bucket of Azure Blob Storage is, and who may use it.

export interface AzureBucketConfig {
  readonly store: "azure";
  /** "https://ACCOUNT.blob.core.windows.net"; of emulators with the account as its path. */
  readonly endpoint: string;
  /** Name of the storage account. */
  readonly account: string;
  /** In base64. Absent: the identity that the process has at Azure. */
  readonly accountKey?: string;
  /** Name of the container. */
  readonly bucketName: string;
  /** Goes in front of every name. */
  readonly keyPrefix?: string;
  /** Under which the objects of a public bucket are reached. */
  readonly publicBaseUrl?: string;
}
