// Who is being served right now: the one context that travels with a request through async code. Logs, SQL and outgoing calls read it.
import { AsyncLocalStorage } from "node:async_hooks";
import type { RecordingSpan } from "../telemetry/span.ts";
import type { Identity } from "../auth/identity.ts";
import type { RequestMeta } from "./request-meta.ts";

export interface CallContext {
  /** The endpoint's span: parent of everything the handler does. */
  readonly span: RecordingSpan;
  readonly service: string;
  readonly endpoint: string;
  readonly requestId: string;
  /** Epoch milliseconds; undefined: no deadline. */
  readonly deadlineAt: number | undefined;
  /** Aborts when the caller went away or the deadline passed. */
  readonly signal: AbortSignal;
  /** Name of the calling service; undefined for a request from outside. */
  readonly caller: string | undefined;
  /** For whom the work is done; undefined: for nobody that is known. */
  readonly identity?: Identity | undefined;
  /** What `currentRequest()` gives; absent in work that serves no request, as `init` of a service. */
  readonly requestMeta?: RequestMeta | undefined;
}

const storage = new AsyncLocalStorage<CallContext>();

/** The call that the running code serves; undefined outside of one (start-up, timers set before). */
export function currentCall(): CallContext | undefined {
  return storage.getStore();
}

export function runInCall<T>(context: CallContext, run: () => T): T {
  return storage.run(context, run);
}

/** Waits for what only begins its work when somebody waits for it, as query builders do: within the context. */
export function awaitInCall(context: CallContext, thenable: PromiseLike<unknown>): Promise<unknown> {
  return storage.run(context, promiseOf, thenable);
}

function promiseOf(thenable: PromiseLike<unknown>): Promise<unknown> {
  return new Promise((resolve, reject) => {
    thenable.then(resolve, reject);
  });
}

/** `runInCall` without a function made for it. */
// hot: guarded by bench/door
export function handleInCall<In, Out>(context: CallContext, handler: (input: In) => Out, input: In): Out {
  return storage.run(context, handler, input);
}
