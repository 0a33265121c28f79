// How many connections the public door of a process takes at a time, as TENON_MAX_CONNECTIONS says. Without it the system's limit of open
// files is the only one.
import { HostError } from "../lifecycle/host-error.ts";

/** undefined: no limit. Throws HostError `address_unusable` for what is no number of connections. */
export function connectionLimit(variable: string | undefined): number | undefined {
  if (variable === undefined || variable === "") return undefined;
  const limit = Number(variable);
  if (Number.isSafeInteger(limit) && limit > 0) return limit;
  const reason = `TENON_MAX_CONNECTIONS must be a whole number from 1 on, got "${variable}"`;
  throw new HostError("address_unusable", { address: "the gateway's address", reason });
}
