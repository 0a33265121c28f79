// Whether a subscription's filter lets a message through, for engines that decide it on this side of the server.
import type { SubscriptionSpec } from "../broker.ts";

export function isWanted(
  { attributes }: { readonly attributes: Readonly<Record<string, string>> },
  filter: SubscriptionSpec["filter"],
): boolean {
  if (filter === null) return true;
  return Object.entries(filter).every(([name, values]) => {
    const value = attributes[name];
    return value !== undefined && values.includes(value);
  });
}
