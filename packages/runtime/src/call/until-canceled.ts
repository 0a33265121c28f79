// Waits for something that may have to be given up.
import type { APIError } from "./api-error.ts";
import type { Cancelable, Cancellation } from "./cancellation.ts";

/** Its result, or the reason of the cancellation if that comes first; a late result is then ignored. */
// hot: guarded by bench/call
export function untilCanceled<Value>(running: PromiseLike<Value>, cancellation: Cancellation): Promise<Value> {
  return new Outcome(running, cancellation).promise;
}

class Outcome<Value> implements Cancelable {
  readonly promise: Promise<Value>;
  private readonly cancellation: Cancellation;
  private reject!: (reason: unknown) => void;

  constructor(running: PromiseLike<Value>, cancellation: Cancellation) {
    this.cancellation = cancellation;
    this.promise = new Promise((resolve, reject) => {
      this.reject = reject;
      running.then(
        (value) => {
          cancellation.remove(this);
          resolve(value);
        },
        (error) => {
          cancellation.remove(this);
          reject(error);
        },
      );
    });
    cancellation.add(this);
  }

  cancel(reason: APIError): void {
    this.cancellation.remove(this);
    this.reject(reason);
  }
}
