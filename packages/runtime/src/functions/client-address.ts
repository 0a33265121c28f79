// Who the client is, behind a front door of the platform that notes it in `x-forwarded-for`. The app's own gateway adds the address that it
// sees, which is the same one: so that it does not stand there twice, the platform's entry is taken off.
export interface SeenClient {
  readonly remoteAddress: string;
  /** undefined: the header had this address alone. */
  readonly forwardedFor: string | undefined;
}

/** `address`: what the platform says beside the header; undefined: nothing, and the last entry is the one that it has added. */
export function seenClient(forwardedFor: string | undefined, address: string | undefined): SeenClient {
  const chain = (forwardedFor ?? "").split(",").map((entry) => entry.trim());
  const last = chain.at(-1)!;
  const remoteAddress = address ?? withoutPort(last);
  if (remoteAddress === "" || withoutPort(last) !== remoteAddress) return { remoteAddress, forwardedFor };
  const before = chain.slice(0, -1).join(", ");
  return { remoteAddress, forwardedFor: before === "" ? undefined : before };
}

/** Azure's front door writes "1.2.3.4:5678", and IPv6 addresses in brackets. */
function withoutPort(entry: string): string {
  const bracketed = /^\[([^\]]+)\](?::\d+)?$/.exec(entry);
  if (bracketed !== null) return bracketed[1]!;
  return /^[^:]+:\d+$/.test(entry) ? entry.slice(0, entry.indexOf(":")) : entry;
}
