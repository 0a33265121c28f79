// What a host gives to the platform that runs it as a function.
import type { FunctionAnswer, FunctionCall } from "./function-call.ts";
import type { PushBook } from "./push-book.ts";

export interface FunctionParts {
  /** The public door; null where this function has none. Never rejects. */
  readonly servePublic: ((call: FunctionCall) => Promise<FunctionAnswer>) | null;
  /** The door for other processes of the app. Never rejects. */
  readonly serveInternal: (call: FunctionCall) => Promise<FunctionAnswer>;
  readonly subscriptions: PushBook;
  readonly hasJob: (job: string) => boolean;
  /** Of a job that is here. Throws what the store of ticks throws. */
  readonly runTick: (job: string, atMs: number) => Promise<"ran" | "taken" | "skipped">;
  /** Sends on what transactions have left in outboxes. Never rejects. */
  readonly handOver: () => Promise<void>;
  /** Where the last push is long enough ago. Never rejects. */
  readonly pushMetrics: () => Promise<void>;
}
