// A typed call to an endpoint that answers with many items: an iterable that starts the call when somebody iterates, wherever the
// endpoint lives. The deadline holds until the first item; leaving the loop ends the call.
import { currentCall } from "../call/context.ts";
import { identityOfCall } from "../call/identity-of-call.ts";
import { recordError } from "../call/normalize-error.ts";
import { type CallOpts, deadlineOf, policy } from "../call/policy.ts";
import type { ResolvedTarget } from "../call/resolve.ts";
import type { Topology } from "../call/topology.ts";
import { startSpan } from "../telemetry/recorder.ts";
import { itemsInProcess } from "./items-in-process.ts";
import { itemsOverHttp } from "./items-over-http.ts";

export function callForItems(
  topology: Topology,
  target: ResolvedTarget,
  request: unknown,
  options: CallOpts | undefined,
): AsyncIterable<unknown> {
  return { [Symbol.asyncIterator]: () => iterate(topology, target, request, options) };
}

async function* iterate(
  topology: Topology,
  target: ResolvedTarget,
  request: unknown,
  options: CallOpts | undefined,
): AsyncGenerator<unknown, void, void> {
  const parent = currentCall();
  const span = startSpan({
    name: target.name,
    kind: "client",
    service: parent?.service ?? topology.graph.app.id,
    parent: parent?.span,
    attributes: target.attributes,
  });
  const deadlineAt = deadlineOf(parent, options);
  const opening = policy(target, parent, deadlineAt, options);
  const lasting = policy(target, parent, Number.POSITIVE_INFINITY, options);
  let received = 0;
  try {
    const identity = identityOfCall(topology, parent, options);
    const items =
      target.hosted === undefined
        ? itemsOverHttp(topology, target, request, span, parent, deadlineAt, opening, lasting, identity)
        : itemsInProcess(target.hosted, request, span, parent, opening, lasting, identity);
    for await (const item of items) {
      opening.release();
      received++;
      yield item;
    }
  } catch (error) {
    recordError(span, error);
    throw error;
  } finally {
    opening.release();
    lasting.release();
    span.set("tenon.stream.received", received);
    span.end();
  }
}
