// Which transaction a message leaves with.
import { currentTransaction } from "../../data/current-transaction.ts";
import type { Transaction } from "../../data/transaction.ts";

export interface PublishTransaction {
  /**
   * The message is published if and only if this transaction commits; null: at once, whatever becomes of the transaction. Default: the one
   * that the code runs in (`db.transaction`, a handler with `tx`), if any.
   */
  transaction?: Transaction | null;
}

/** undefined: none. */
export function transactionOf({ transaction }: PublishTransaction): Transaction | undefined {
  return transaction === undefined ? currentTransaction() : (transaction ?? undefined);
}
