// The transaction that the running code is in: what is published there leaves with it. Users never read it; they give a transaction to
// their functions, or let `db.transaction` have it found here.
import { AsyncLocalStorage } from "node:async_hooks";
import { type CallContext, currentCall } from "../call/context.ts";
import type { Transaction } from "./transaction.ts";

interface Scope {
  readonly transaction: Transaction;
  readonly call: CallContext | undefined;
}

const storage = new AsyncLocalStorage<Scope>();

export function runInTransaction<T>(transaction: Transaction, run: () => T): T {
  return storage.run({ transaction, call: currentCall() }, run);
}

/**
 * undefined: there is none. The innermost counts. Another service that is called from within takes no part, though it may run in the same
 * process: between processes it could not.
 */
export function currentTransaction(): Transaction | undefined {
  const scope = storage.getStore();
  return scope !== undefined && scope.call === currentCall() ? scope.transaction : undefined;
}
