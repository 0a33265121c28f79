// For whom a call is made: whoever its options name, else whoever the caller itself serves.
import type { Identity } from "../auth/identity.ts";
import type { CallContext } from "./context.ts";
import type { CallOpts } from "./policy.ts";
import type { Topology } from "./topology.ts";

export function identityOfCall(
  topology: Topology,
  parent: CallContext | undefined,
  options: CallOpts | undefined,
): Identity | undefined {
  return options?.authData === undefined ? parent?.identity : topology.auth.identityOf(options.authData);
}
