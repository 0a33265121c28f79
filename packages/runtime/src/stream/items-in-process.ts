// The items of an endpoint of this process: checked copies, taken from its handler one by one.
import type { Codec, Issue } from "@tenon/model";
import type { Identity } from "../auth/identity.ts";
import type { APIError } from "../call/api-error.ts";
import { Cancellation } from "../call/cancellation.ts";
import type { CallContext } from "../call/context.ts";
import type { HostedEndpoint } from "../call/hosted-endpoint.ts";
import { failed } from "../call/invoke.ts";
import { errorForCaller, normalizeError } from "../call/normalize-error.ts";
import { newRequestId } from "../call/request-id.ts";
import { ServedCall } from "../call/served-call.ts";
import { admit, copyRequest } from "../call/transport-in-process.ts";
import type { RecordingSpan } from "../telemetry/span.ts";
import { ContractError } from "./contract-error.ts";
import { eventIn } from "./item-format.ts";
import { startItems } from "./respond-with-items.ts";

/** `opening` is released by the caller once it has the first item. */
export async function* itemsInProcess(
  hosted: HostedEndpoint,
  request: unknown,
  span: RecordingSpan,
  parent: CallContext | undefined,
  opening: Cancellation,
  lasting: Cancellation,
  identity: Identity | undefined,
): AsyncGenerator<unknown, void, void> {
  const input = copyRequest(hosted, request);
  const requestId = parent === undefined ? newRequestId() : parent.requestId;
  // As in `cancelWhenGone`.
  const cancellation = new Cancellation(hosted.endpoint.kind === "sse" ? undefined : lasting);
  const served = new ServedCall(hosted, span, requestId, undefined, parent?.service, cancellation);
  const copy = copierOf(hosted);
  const canceled = cancellationOf(opening, lasting);
  try {
    admit(hosted, served, identity);
    const source = await Promise.race([startItems(hosted, served, input, undefined), canceled]);
    try {
      for (;;) {
        const next = await Promise.race([source.next(), canceled]);
        if (next.done === true) return;
        yield copy(next.value);
      }
    } catch (thrown) {
      throw failed(served, thrown);
    } finally {
      served.span.set("tenon.stream.sent", source.count);
      source.leave();
    }
  } catch (error) {
    throw errorForCaller(normalizeError(error));
  } finally {
    cancellation.release();
    served.end();
  }
}

function copierOf(hosted: HostedEndpoint): (item: unknown) => unknown {
  const codec: Codec = hosted.codec.outgoing!;
  const { name } = hosted;
  const isEvent = hosted.endpoint.kind === "sse";
  return (item) => {
    const issues: Issue[] = [];
    const copied = isEvent ? copyEvent(name, codec, item, issues) : codec.copy(item, issues);
    if (issues.length > 0) throw new ContractError(name, isEvent ? "an event" : "an item", issues);
    return copied;
  };
}

function copyEvent(name: string, codec: Codec, item: unknown, issues: Issue[]): unknown {
  const { data, event, id, retryMs } = eventIn(name, item);
  return {
    data: codec.copy(data, issues),
    ...(event === undefined ? {} : { event }),
    ...(id === undefined ? {} : { id }),
    ...(retryMs === undefined ? {} : { retryMs }),
  };
}

/** Never resolves; rejects when the call is not wanted any more. */
function cancellationOf(...cancellations: readonly Cancellation[]): Promise<never> {
  const canceled = new Promise<never>((_resolve, reject) => {
    for (const cancellation of cancellations) cancellation.add({ cancel: (reason: APIError) => reject(reason) });
  });
  canceled.catch(() => {});
  return canceled;
}
