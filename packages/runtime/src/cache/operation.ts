// One operation on a cache: its span, its deadline, and its errors as CacheError.
import { type CallContext, currentCall } from "../call/context.ts";
import { startSpan } from "../telemetry/recorder.ts";
import { connectionTo } from "./clusters.ts";
import type { CacheConnection } from "./connection.ts";
import { CacheError, CacheKeyExists, CacheMiss } from "./errors.ts";

export interface Operation {
  readonly cluster: string;
  /** The method that the user called. */
  readonly name: string;
  /** The server's command for it. */
  readonly command: string;
  readonly keyPattern: string;
  /** Without prefix. */
  readonly keys: readonly string[];
}

/** How answers of a server begin that cannot serve now, but will. */
const notNow = ["LOADING", "MASTERDOWN", "READONLY", "CLUSTERDOWN", "TRYAGAIN", "BUSY"];

/** Throws CacheError. `run` is not told of the deadline: a server may have done what nobody waits for any more. */
export async function perform<Result>(
  operation: Operation,
  run: (connection: CacheConnection) => Promise<Result>,
): Promise<Result> {
  const { cluster, name, command, keyPattern, keys } = operation;
  const call = currentCall();
  const span = startSpan({
    name: `${name} ${keyPattern}`,
    kind: "client",
    service: call?.service ?? cluster,
    parent: call?.span,
    attributes: {
      "db.system.name": "redis",
      "db.operation.name": command,
      "db.collection.name": keyPattern,
      "tenon.cache.cluster": cluster,
      ...(keys.length === 1 ? {} : { "db.operation.batch.size": keys.length }),
    },
  });
  try {
    const result = await untilOver(operation, call, execute(operation, run));
    if (result === undefined || result === null) span.set("tenon.cache.found", false);
    return result;
  } catch (error) {
    // An answer like any other.
    if (error instanceof CacheMiss || error instanceof CacheKeyExists) span.set("tenon.cache.refused", error.code);
    else span.fail(error);
    throw error;
  } finally {
    span.end();
  }
}

async function execute<Result>(
  { cluster, name, keys }: Operation,
  run: (connection: CacheConnection) => Promise<Result>,
): Promise<Result> {
  const opening = connectionTo(cluster);
  if (opening === undefined) throw new CacheError(name, keys[0], "cache_not_configured", { reason: cluster });
  const connection = await opening;
  try {
    return await run(connection);
  } catch (error) {
    if (error instanceof CacheError) throw error;
    const { name: kind, message } = error as Error;
    // What the server itself says has this name; everything else is about the way to it.
    if (kind === "ReplyError" && !notNow.includes(message.split(" ", 1)[0]!))
      throw new CacheError(name, keys[0], "cache_refused", { reason: message, cause: error });
    const reason = kind === "MaxRetriesPerRequestError" ? connection.trouble : message;
    throw new CacheError(name, keys[0], "cache_unavailable", { reason, cause: error });
  }
}

/** Resolves with `running`, unless the call that it is for is over before. */
export function untilOver<Result>(
  { name, keys }: Pick<Operation, "name" | "keys">,
  call: CallContext | undefined,
  running: Promise<Result>,
): Promise<Result> {
  if (call === undefined) return running;
  const { signal, deadlineAt } = call;
  return new Promise((resolve, reject) => {
    const giveUp = () => {
      const isLate = deadlineAt !== undefined && Date.now() >= deadlineAt;
      reject(new CacheError(name, keys[0], isLate ? "cache_deadline_exceeded" : "cache_canceled"));
    };
    if (signal.aborted) giveUp();
    signal.addEventListener("abort", giveUp, { once: true });
    running.then(resolve, reject).finally(() => signal.removeEventListener("abort", giveUp));
  });
}
