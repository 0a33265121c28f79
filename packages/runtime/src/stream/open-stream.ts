// A typed call that opens a stream to an endpoint, wherever it lives: the promise resolves once the handshake is taken. The deadline
// holds for the handshake alone; `signal` and the end of the request that the caller serves end the stream as well.
import type { Identity } from "../auth/identity.ts";
import type { APIError } from "../call/api-error.ts";
import { Cancellation, type Cancelable } from "../call/cancellation.ts";
import { type CallContext, currentCall } from "../call/context.ts";
import { identityOfCall } from "../call/identity-of-call.ts";
import { errorForCaller, recordError } from "../call/normalize-error.ts";
import { type CallOpts, deadlineOf, policy } from "../call/policy.ts";
import { newRequestId } from "../call/request-id.ts";
import type { ResolvedTarget } from "../call/resolve.ts";
import { ServedCall } from "../call/served-call.ts";
import type { Topology } from "../call/topology.ts";
import { admit, copyRequest } from "../call/transport-in-process.ts";
import { startSpan } from "../telemetry/recorder.ts";
import type { RecordingSpan } from "../telemetry/span.ts";
import { ClientStream } from "./client-stream.ts";
import type { connectStream as ConnectStream } from "./connect-stream.ts";
import { createMemoryPorts } from "./memory-ports.ts";
import { runStream } from "./run-stream.ts";
import type { CallingPort } from "./stream-port.ts";

/** Rejects as every call does. */
export async function openStream(
  topology: Topology,
  target: ResolvedTarget,
  handshake: unknown,
  options: CallOpts | undefined,
): Promise<ClientStream> {
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
  try {
    const identity = identityOfCall(topology, parent, options);
    const port =
      target.hosted === undefined
        ? await connectElsewhere(topology, target, handshake, span, parent, deadlineAt, opening, identity)
        : openInProcess(target.hosted, handshake, span, parent, identity);
    follow(port, target, parent, options, span);
    return new ClientStream(port, target.name, target.kind);
  } catch (error) {
    recordError(span, error);
    span.end();
    throw error;
  } finally {
    opening.release();
  }
}

/** What speaks WebSocket is loaded with the first stream that leaves the process. */
async function connectElsewhere(...to: Parameters<typeof ConnectStream>): Promise<CallingPort> {
  const { connectStream } = await import("./connect-stream.ts");
  return connectStream(...to);
}

function openInProcess(
  hosted: NonNullable<ResolvedTarget["hosted"]>,
  handshake: unknown,
  span: RecordingSpan,
  parent: CallContext | undefined,
  identity: Identity | undefined,
): CallingPort {
  const input = copyRequest(hosted, handshake);
  const requestId = parent === undefined ? newRequestId() : parent.requestId;
  const served = new ServedCall(hosted, span, requestId, undefined, parent?.service, new Cancellation(undefined));
  try {
    admit(hosted, served, identity);
  } catch (error) {
    served.end();
    throw errorForCaller(error as APIError);
  }
  const { serving, calling } = createMemoryPorts(hosted);
  void runStream(hosted, served, input, serving);
  return calling;
}

/** From here on only the caller's own wish ends the stream; the span lasts as long as it does. */
function follow(
  port: CallingPort,
  target: ResolvedTarget,
  parent: CallContext | undefined,
  options: CallOpts | undefined,
  span: RecordingSpan,
): void {
  const lasting = policy(target, parent, Number.POSITIVE_INFINITY, options);
  lasting.add({ cancel: (reason) => port.cancel(reason) } satisfies Cancelable);
  port.onOver((reason) => {
    lasting.release();
    span.set("tenon.stream.received", port.inbox.received);
    span.set("tenon.stream.sent", port.sent);
    if (reason !== undefined) recordError(span, reason);
    span.end();
  });
}
