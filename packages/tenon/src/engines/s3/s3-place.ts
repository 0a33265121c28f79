// What an operation works on: the buckets of the app, and one of them.
import type { Bucket } from "@tenon/model";
import { FileStore, MultipartUploads } from "@tenon/runtime/objects";
import { Completions } from "./completions.ts";
import { S3Error } from "./s3-error.ts";

export interface BucketPlace {
  readonly bucket: Bucket;
  readonly store: FileStore;
  readonly uploads: MultipartUploads;
  readonly completions: Completions;
}

export class S3Places {
  readonly #directory: string;
  readonly #getBuckets: () => readonly Bucket[];
  readonly #places = new Map<string, BucketPlace>();

  /** `directory`: of all buckets. */
  constructor(directory: string, getBuckets: () => readonly Bucket[]) {
    this.#directory = directory;
    this.#getBuckets = getBuckets;
  }

  get buckets(): readonly Bucket[] {
    return this.#getBuckets();
  }

  /** Throws S3Error. */
  find(name: string): BucketPlace {
    const bucket = this.#getBuckets().find((one) => one.name === name);
    if (bucket === undefined) throw new S3Error("NoSuchBucket", `The app declares no bucket "${name}".`);
    const known = this.#places.get(name);
    if (known !== undefined && known.bucket.isVersioned === bucket.isVersioned) return known;
    const { isPublic, isVersioned } = bucket;
    // URLs are signed elsewhere.
    const options = { bucket: name, isPublic, isVersioned, directory: this.#directory, baseUrl: "", signingKey: "" };
    const store = new FileStore(options);
    const place = { bucket, store, uploads: new MultipartUploads(store), completions: new Completions() };
    this.#places.set(name, place);
    return place;
  }
}
