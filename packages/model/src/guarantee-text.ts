// What the topics and subscriptions of an app promise, in a few words for people.
import type { Subscription, Topic } from "./graph.ts";

/** "exactly-once, in order of cartId". */
export function guaranteeText({ deliveryGuarantee, orderingAttribute }: Topic): string {
  return orderingAttribute === undefined ? deliveryGuarantee : `${deliveryGuarantee}, in order of ${orderingAttribute}`;
}

/** "where region is eu, kind is a or b; up to 100 at once", "effect once in books"; "" for one that takes every message by itself. */
export function takingText({ filter, batch, database }: Subscription): string {
  const conditions = Object.entries(filter ?? {}).map(([name, values]) => `${name} is ${values.join(" or ")}`);
  const parts = [
    ...(conditions.length === 0 ? [] : [`where ${conditions.join(", ")}`]),
    ...(batch === undefined ? [] : [`up to ${batch.maxSize} at once`]),
    ...(database === undefined ? [] : [`effect once in ${database}`]),
  ];
  return parts.join("; ");
}
