// Tells apart why the call that a statement belongs to is over: its deadline passed, or its caller went away.
import type { CallContext } from "../call/context.ts";
import { DatabaseError } from "./errors.ts";

export function canceledError(database: string, call: CallContext | undefined): DatabaseError {
  const late = call?.deadlineAt !== undefined && Date.now() >= call.deadlineAt;
  return new DatabaseError(late ? "statement_deadline_exceeded" : "statement_canceled", database);
}
