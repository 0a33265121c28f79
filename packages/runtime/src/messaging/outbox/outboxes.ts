// The outboxes of this process, by database: transactions find there whom to tell that something waits.

export interface Outbox {
  /** A transaction with messages has been committed. What it returns is waited for by whoever committed. */
  committed(): Promise<void> | undefined;
}

const outboxes = new Map<string, Outbox>();

export function outboxOf(database: string): Outbox | undefined {
  return outboxes.get(database);
}

export function installOutbox(database: string, outbox: Outbox): void {
  outboxes.set(database, outbox);
}

export function removeOutbox(database: string): void {
  outboxes.delete(database);
}
