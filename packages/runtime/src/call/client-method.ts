// What generated clients are made of: a function that makes one typed call, wherever the endpoint lives.
import { startSpan } from "../telemetry/recorder.ts";
import { currentCall } from "./context.ts";
import { recordError } from "./normalize-error.ts";
import { type CallOpts, deadlineOf, policy } from "./policy.ts";
import { type ResolvedTarget, resolve } from "./resolve.ts";
import { type Topology, topologyFor } from "./topology.ts";
import { callOverHttp } from "./transport-http.ts";
import { callInProcess } from "./transport-in-process.ts";

/**
 * The method of a generated client. It rejects with an APIError: what the callee threw; `invalid_argument` with `details.issues` when
 * the request is not valid; `unavailable` when the callee cannot be reached; `deadline_exceeded`; `canceled`; else `internal`.
 */
export function clientMethod(
  service: string,
  endpoint: string,
): (request?: unknown, options?: CallOpts) => Promise<unknown> {
  const name = `${service}.${endpoint}`;
  let topology: Topology | undefined;
  let target: ResolvedTarget | undefined;
  return async (request, options) => {
    const current = topologyFor(name);
    if (target === undefined || topology !== current) {
      target = resolve(current, service, endpoint);
      topology = current;
    }
    // As on the public door, where nobody can tell an absent body from an empty one.
    return call(current, target, request === undefined ? {} : request, options);
  };
}

// hot: guarded by bench/call
async function call(
  topology: Topology,
  target: ResolvedTarget,
  request: unknown,
  options: CallOpts | undefined,
): Promise<unknown> {
  const parent = currentCall();
  const span = startSpan({
    name: target.name,
    kind: "client",
    service: parent?.service ?? topology.graph.app.id,
    parent: parent?.span,
    attributes: target.attributes,
  });
  const deadlineAt = deadlineOf(parent, options);
  const cancellation = policy(target, parent, deadlineAt, options);
  try {
    const identity = options?.authData === undefined ? parent?.identity : topology.auth.identityOf(options.authData);
    if (target.hosted !== undefined) {
      return await callInProcess(target.hosted, request, span, parent, deadlineAt, cancellation, identity);
    }
    return await callOverHttp(topology, target, request, span, parent, deadlineAt, cancellation, identity);
  } catch (error) {
    recordError(span, error);
    throw error;
  } finally {
    cancellation.release();
    span.end();
  }
}
