// The error a process reports when it cannot start or was set up wrongly: a stable code, what, and how to fix it.
import { fillMessage, type HostErrorCode, hostErrors } from "../errors.ts";

export class HostError extends Error {
  override readonly name = "HostError";
  readonly code: HostErrorCode;
  readonly hint: string;

  constructor(code: HostErrorCode, values: Readonly<Record<string, string | number>>, cause?: unknown) {
    const entry = hostErrors[code];
    super(fillMessage(entry.message, values), cause === undefined ? undefined : { cause });
    this.code = code;
    this.hint = fillMessage(entry.hint, values);
  }
}
