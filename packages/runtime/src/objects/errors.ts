// What can go wrong with objects, as user code catches it.

/** Anything a bucket refuses or fails at. */
export class ObjectsError extends Error {
  override readonly name: string = "ObjectsError";
}

/** There is no object of that name, or no such version of it. */
export class ObjectNotFound extends ObjectsError {
  override readonly name = "ObjectNotFound";

  constructor(bucket: string, object: string) {
    super(`the bucket "${bucket}" has no object "${object}"`);
  }
}

/** The upload was made to depend on something that is not so. */
export class PreconditionFailed extends ObjectsError {
  override readonly name = "PreconditionFailed";

  constructor(bucket: string, object: string) {
    super(`the bucket "${bucket}" has an object "${object}" already`);
  }
}
