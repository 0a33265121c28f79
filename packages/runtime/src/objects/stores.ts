// The stores of this process's buckets, by name: told once at start, looked up when a bucket is used.
import type { Bucket } from "@tenon/model";
import { AzureStore } from "./azure/azure-store.ts";
import { ObjectsError } from "./errors.ts";
import { FileStore } from "./files/file-store.ts";
import { GcsStore } from "./gcs/gcs-store.ts";
import type { ObjectStore } from "./object-store.ts";
import type { ObjectsConfig, RemoteBucketConfig } from "./objects-config.ts";
import { S3Store } from "./s3/s3-store.ts";

let stores: ReadonlyMap<string, ObjectStore> = new Map();

export function configureObjects(buckets: readonly Bucket[], config: ObjectsConfig | undefined): void {
  stores = new Map(
    buckets.flatMap((bucket) => {
      const store = config === undefined ? undefined : createStore(bucket, config);
      return store === undefined ? [] : [[bucket.name, store] as const];
    }),
  );
}

export function createStore(bucket: Bucket, config: ObjectsConfig): ObjectStore | undefined {
  if (config.kind === "files") return createFileStore(bucket, config);
  const own = config.buckets[bucket.name];
  return own === undefined ? undefined : createRemoteStore(bucket, own);
}

function createRemoteStore({ name, isVersioned }: Bucket, config: RemoteBucketConfig): ObjectStore {
  if (config.store === "gcs") return new GcsStore(name, config, isVersioned);
  return config.store === "azure" ? new AzureStore(name, config) : new S3Store(name, config);
}

export function createFileStore(
  { name, isPublic, isVersioned }: Bucket,
  { directory, baseUrl, signingKey }: Extract<ObjectsConfig, { kind: "files" }>,
): FileStore {
  return new FileStore({ bucket: name, isPublic, isVersioned, directory, baseUrl, signingKey });
}

/** Throws ObjectsError. */
export function storeOf(bucket: string): ObjectStore {
  const store = stores.get(bucket);
  if (store !== undefined) return store;
  throw new ObjectsError("objects_not_configured", { bucket });
}
