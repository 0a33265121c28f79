// What a supervisor and its service processes say to each other over the IPC channel.
import type { HostConfig } from "./host-config.ts";

export type ToWorker =
  /** Sent once. Until then the process only waits, so that a supervisor can keep one warm. */
  | { readonly type: "start"; readonly config: HostConfig }
  /** Other services have moved. Answered with `updated`: from then on no call goes to the old places. */
  | { readonly type: "update"; readonly id: number; readonly remotes: Readonly<Record<string, string>> }
  /** Finish what is under way, for `timeoutMs` at most, then exit with 0. */
  | { readonly type: "stop"; readonly timeoutMs: number };

export type FromWorker =
  | {
      readonly type: "ready";
      readonly gateway: string | null;
      readonly internal: string | null;
      /** From receiving "start" until the doors were open. */
      readonly startupMs: number;
    }
  | { readonly type: "updated"; readonly id: number }
  /** The process exits with 1 after it. */
  | { readonly type: "failed"; readonly error: WorkerError };

export interface WorkerError {
  /** A word of docs/reference/errors.md; "crashed" for what has none. */
  readonly code: string;
  readonly message: string;
  readonly hint?: string;
  /** Of the user's code that failed, mapped to its sources. */
  readonly stack?: string;
}
