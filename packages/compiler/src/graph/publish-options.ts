// What is wrong with the options that a message is published with, as far as it is written where `publish` is called.
import { parseDurationMs } from "@tenon/model";
import type { ResourceReader } from "./resource-reader.ts";

/** `topic`: the one that is published to. */
export function checkPublishOptions(
  reader: ResourceReader,
  topic: { readonly name: string; readonly orderingAttribute?: string },
): void {
  const options = reader.argument(1);
  if (options?.kind !== "object") return;
  for (const entry of options.entries) {
    if (entry.kind !== "property") continue;
    if (topic.orderingAttribute !== undefined) {
      reader.report("TN1291", entry.keySpan, { topic: topic.name, attribute: topic.orderingAttribute });
    }
    const { node } = entry;
    if (entry.key !== "delay" || node.kind !== "value") continue;
    if (typeof node.value !== "string" || parseDurationMs(node.value) === null) {
      reader.report("TN1283", node, { option: "delay", expected: 'a duration such as "10m"' });
    }
  }
}
