// What a client is told of anything that went wrong.
import {
  ObjectNotFound,
  ObjectsError,
  PartRefused,
  PreconditionFailed,
  RangeNotSatisfiable,
} from "@tenon/runtime/objects";
import { S3Error } from "./s3-error.ts";
import { queryOf, type S3Request } from "./s3-request.ts";

export function s3ErrorOf(error: unknown, request: S3Request | undefined): S3Error {
  if (error instanceof S3Error) return error;
  if (error instanceof PartRefused) return new S3Error(error.code, error.message);
  if (error instanceof ObjectNotFound) {
    const isVersion = request !== undefined && queryOf(request, "versionId") !== undefined;
    return isVersion
      ? new S3Error("NoSuchVersion", "The specified version does not exist.")
      : new S3Error("NoSuchKey", "The specified key does not exist.");
  }
  if (error instanceof PreconditionFailed)
    return new S3Error("PreconditionFailed", "At least one of the pre-conditions you specified did not hold");
  if (error instanceof RangeNotSatisfiable)
    return new S3Error("InvalidRange", "The requested range is not satisfiable");
  if (error instanceof ObjectsError) return new S3Error("InternalError", error.message);
  return new S3Error("InternalError", "We encountered an internal error. Please try again.");
}
