// What can go wrong with objects: docs/reference/objects.md lists the same codes. The classes are those that users of Encore.ts know; a code
// and a status say the same to programs.
import type { ErrorCode } from "@tenon/model";

interface CatalogueEntry {
  readonly message: string;
  /** What the caller of an endpoint gets when nobody handles it. */
  readonly status: ErrorCode;
}

export const objectsErrors = {
  objects_not_found: { message: "there is no such object", status: "internal" },
  objects_precondition_failed: { message: "the condition of the write does not hold", status: "internal" },
  objects_checksum_mismatch: {
    message: "the data does not have the checksum that was given with it; nothing was stored",
    status: "internal",
  },
  objects_range_invalid: { message: "the range begins behind the end of the object", status: "internal" },
  objects_damaged: { message: "what the store gave is not what was uploaded", status: "data_loss" },
  objects_name_invalid: { message: "the name of an object must be 1 to 1024 bytes of text", status: "internal" },
  objects_argument_invalid: { message: "an argument cannot be used", status: "internal" },
  objects_not_public: {
    message: "objects of this bucket have no public URL: declare it with { public: true }",
    status: "internal",
  },
  objects_not_configured: {
    message:
      "the bucket cannot be used here: buckets work while the app runs (`tenon dev`, `tenon start`), in the services whose code uses them",
    status: "internal",
  },
  objects_unsupported: { message: "the store of this bucket cannot do that", status: "internal" },
  objects_refused: { message: "the store refused the operation", status: "internal" },
  objects_unavailable: { message: "the store cannot be reached", status: "unavailable" },
  objects_deadline_exceeded: {
    message: "the call's time was over before the store was done",
    status: "deadline_exceeded",
  },
  objects_canceled: { message: "the operation was canceled before the store was done", status: "canceled" },
} as const satisfies Record<string, CatalogueEntry>;

export type ObjectsErrorCode = keyof typeof objectsErrors;

export interface ObjectsErrorOptions {
  readonly bucket: string;
  readonly object?: string | undefined;
  readonly reason?: string | undefined;
  readonly cause?: unknown;
}

/** Anything a bucket refuses or fails at. */
export class ObjectsError extends Error {
  override readonly name: string = "ObjectsError";
  readonly code: ObjectsErrorCode;
  readonly bucket: string;
  readonly object: string | undefined;

  constructor(code: ObjectsErrorCode, { bucket, object, reason, cause }: ObjectsErrorOptions) {
    const where = `bucket "${bucket}"${object === undefined ? "" : `, object "${object}"`}`;
    const why = reason === undefined ? "" : `: ${reason}`;
    super(`${where}: ${objectsErrors[code].message}${why}`, cause === undefined ? {} : { cause });
    this.code = code;
    this.bucket = bucket;
    this.object = object;
  }

  get status(): ErrorCode {
    return objectsErrors[this.code].status;
  }
}

/** There is no object of that name, or no such version of it. */
export class ObjectNotFound extends ObjectsError {
  override readonly name = "ObjectNotFound";

  constructor(bucket: string, object: string) {
    super("objects_not_found", { bucket, object });
  }
}

/** The write was made to depend on something that is not so. */
export class PreconditionFailed extends ObjectsError {
  override readonly name = "PreconditionFailed";

  constructor(bucket: string, object: string, reason?: string) {
    super("objects_precondition_failed", { bucket, object, reason });
  }
}

/** The data is not what its checksum says; nothing was stored. */
export class ChecksumMismatch extends ObjectsError {
  override readonly name = "ChecksumMismatch";

  constructor(bucket: string, object: string, reason?: string) {
    super("objects_checksum_mismatch", { bucket, object, reason });
  }
}

/** The wanted range has no byte of the object. */
export class RangeNotSatisfiable extends ObjectsError {
  override readonly name = "RangeNotSatisfiable";

  constructor(bucket: string, object: string) {
    super("objects_range_invalid", { bucket, object });
  }
}
