// How long the public door of a process that ends keeps connections on which nothing is asked, as TENON_LINGER_SECONDS says: for
// places where the next process takes new connections already, so that nobody waits for it.
import { HostError } from "../lifecycle/host-error.ts";

/** Milliseconds; 0 without the variable. Throws HostError `address_unusable` for what is no time. */
export function lingerTime(variable: string | undefined): number {
  if (variable === undefined || variable === "") return 0;
  const seconds = Number(variable);
  if (seconds >= 0 && seconds <= 600) return seconds * 1000;
  const reason = `TENON_LINGER_SECONDS must be a number of seconds from 0 to 600, got "${variable}"`;
  throw new HostError("address_unusable", { address: "the gateway's address", reason });
}
