// Whether a broker knows a message of a topic again that was published before.
import type { Broker } from "./broker.ts";

export function remembersIds(
  { remembersIds: remembers = () => true }: Pick<Broker, "remembersIds">,
  topic: string,
): boolean {
  return remembers !== false && remembers(topic);
}
