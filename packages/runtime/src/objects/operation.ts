// One operation on a bucket: its span, its deadline, and its errors as ObjectsError.
import { type CallContext, currentCall } from "../call/context.ts";
import { clock } from "../clock/clock.ts";
import { startSpan } from "../telemetry/recorder.ts";
import type { RecordingSpan } from "../telemetry/span.ts";
import { ObjectNotFound, ObjectsError, PreconditionFailed } from "./errors.ts";
import { SourceFailure } from "./object-data.ts";

export class Operation {
  /** Aborts when nobody waits for the outcome any more. */
  readonly signal: AbortSignal | undefined;
  readonly #bucket: string;
  readonly #object: string | undefined;
  readonly #call: CallContext | undefined;
  readonly #own: AbortSignal | undefined;
  readonly #span: RecordingSpan;

  /** `step`: the method that the user called. */
  constructor(bucket: string, step: string, object: string | undefined, own?: AbortSignal) {
    this.#bucket = bucket;
    this.#object = object;
    this.#own = own;
    this.#call = currentCall();
    const signals = [this.#call?.signal, own].filter((signal) => signal !== undefined);
    this.signal = signals.length > 1 ? AbortSignal.any(signals) : signals[0];
    this.#span = startSpan({
      name: `${step} ${bucket}`,
      kind: "client",
      service: this.#call?.service ?? bucket,
      parent: this.#call?.span,
      attributes: {
        "tenon.bucket.name": bucket,
        "tenon.bucket.operation": step,
        ...(object === undefined ? {} : { "tenon.object.name": object }),
      },
    });
  }

  /** Ends the span with the outcome. Throws what `failure` makes of an error. */
  async run<Result>(work: () => Promise<Result>): Promise<Result> {
    try {
      const result = await work();
      this.end();
      return result;
    } catch (error) {
      throw this.failure(error);
    }
  }

  /** As `run`, for what has no effect that must be waited for. */
  runUntilOver<Result>(work: () => Promise<Result>): Promise<Result> {
    const { signal } = this;
    if (signal === undefined) return this.run(work);
    return this.run(
      () =>
        new Promise<Result>((resolve, reject) => {
          const giveUp = () => reject(signal.reason);
          if (signal.aborted) giveUp();
          signal.addEventListener("abort", giveUp, { once: true });
          work()
            .then(resolve, reject)
            .finally(() => signal.removeEventListener("abort", giveUp));
        }),
    );
  }

  end(sizeBytes?: number): void {
    if (sizeBytes !== undefined) this.#span.set("tenon.object.size", sizeBytes);
    this.#span.end();
  }

  /** Ends the span, and gives the error that the user gets. */
  failure(error: unknown): unknown {
    const shown = this.#shown(error);
    const isAnswer = shown instanceof ObjectNotFound || shown instanceof PreconditionFailed;
    if (isAnswer) this.#span.set("tenon.object.refused", shown.code);
    else this.#span.fail(shown);
    this.#span.end();
    return shown;
  }

  #shown(error: unknown): unknown {
    if (error instanceof SourceFailure) return error.cause;
    if (this.#own?.aborted === true) return this.#own.reason;
    const where = { bucket: this.#bucket, object: this.#object };
    if (this.#call?.signal.aborted === true) {
      const { deadlineAt } = this.#call;
      const isLate = deadlineAt !== undefined && clock().now() >= deadlineAt;
      return new ObjectsError(isLate ? "objects_deadline_exceeded" : "objects_canceled", where);
    }
    if (error instanceof ObjectsError) return error;
    const reason = error instanceof Error ? error.message : String(error);
    return new ObjectsError("objects_unavailable", { ...where, reason, cause: error });
  }
}
