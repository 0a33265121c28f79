// Stand-in until the data room's version is merged, with its signatures.
import type { DatabaseConfig } from "../lifecycle/host-config.ts";

export interface DatabaseHealth {
  readonly database: string;
  readonly error?: Error;
}
export function configureDatabases(_databases: Readonly<Record<string, DatabaseConfig>>): void {}
export async function closeDatabases(_timeoutMs?: number): Promise<void> {}
export async function checkDatabases(): Promise<DatabaseHealth[]> {
  return [];
}
