// What `ref` can be asked for: a bucket seen as what its user needs of it.
import type {
  CopyOptions,
  DownloadOptions,
  FolderListOptions,
  ListOptions,
  ObjectDownload,
  SignedUploadOptions,
  SignedUrlOptions,
  UploadOptions,
  VersionOptions,
} from "./bucket-options.ts";
import type { ObjectData } from "./object-data.ts";
import type { CommonPrefix, ListEntry, ObjectAttrs } from "./object-store.ts";

// biome-ignore lint/suspicious/noEmptyInterface: the common root of what `ref` can be asked for
export interface BucketPerms {}

export interface Uploader extends BucketPerms {
  upload(name: string, data: ObjectData, options?: UploadOptions): Promise<ObjectAttrs>;
}
export interface SignedUploader extends BucketPerms {
  signedUploadUrl(name: string, options?: SignedUploadOptions): Promise<{ url: string }>;
}
export interface Downloader extends BucketPerms {
  download(name: string, options?: DownloadOptions): Promise<Buffer>;
  openDownload(name: string, options?: DownloadOptions): Promise<ObjectDownload>;
}
export interface SignedDownloader extends BucketPerms {
  signedDownloadUrl(name: string, options?: SignedUrlOptions & VersionOptions): Promise<{ url: string }>;
}
export interface Copier extends BucketPerms {
  copy(from: string, to: string, options?: CopyOptions): Promise<ObjectAttrs>;
}
export interface Attrser extends BucketPerms {
  attrs(name: string, options?: VersionOptions): Promise<ObjectAttrs>;
  exists(name: string, options?: VersionOptions): Promise<boolean>;
}
export interface Lister extends BucketPerms {
  list(options: FolderListOptions): AsyncGenerator<ListEntry | CommonPrefix>;
  list(options?: ListOptions): AsyncGenerator<ListEntry>;
}
export interface Remover extends BucketPerms {
  remove(name: string, options?: VersionOptions): Promise<void>;
}
export interface PublicUrler extends BucketPerms {
  publicUrl(name: string): string;
}
export type ReadWriter = Uploader &
  SignedUploader &
  Downloader &
  SignedDownloader &
  Copier &
  Attrser &
  Lister &
  Remover;
