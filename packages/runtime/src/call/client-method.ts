// What generated clients are made of: a function that makes one typed call, wherever the endpoint lives.
import { callForItems } from "../stream/call-for-items.ts";
import { openStream } from "../stream/open-stream.ts";
import { startTemplateSpan } from "../telemetry/recorder.ts";
import type { RecordingSpan } from "../telemetry/span.ts";
import type { Cancellation } from "./cancellation.ts";
import { currentCall } from "./context.ts";
import { identityOfCall } from "./identity-of-call.ts";
import { LocalCall } from "./local-call.ts";
import { recordError } from "./normalize-error.ts";
import { type CallOpts, deadlineOf, policy } from "./policy.ts";
import { type ResolvedTarget, resolve } from "./resolve.ts";
import { type Topology, topologyFor } from "./topology.ts";
import { callOverHttp } from "./transport-http.ts";
import { callInProcess, copyRequest } from "./transport-in-process.ts";

/**
 * The method of a generated client. It rejects with an APIError: what the callee threw; `invalid_argument` with `details.issues` when
 * the request is not valid; `unavailable` when the callee cannot be reached; `deadline_exceeded`; `canceled`; else `internal`.
 */
export function clientMethod(service: string, endpoint: string): (request?: unknown, options?: CallOpts) => unknown {
  const name = `${service}.${endpoint}`;
  let topology: Topology | undefined;
  let target: ResolvedTarget | undefined;
  /** Found before everything was loaded: it may live elsewhere by the next call. */
  let isProvisional = true;
  const find = (): ResolvedTarget => {
    const current = topologyFor(name);
    if (target === undefined || topology !== current || isProvisional) {
      target = resolve(current, service, endpoint);
      topology = current;
      isProvisional = current.loadFirst !== undefined;
    }
    return target;
  };
  const method = (request?: unknown, options?: CallOpts): unknown => {
    try {
      const found = find();
      // As on the public door, where nobody can tell an absent body from an empty one.
      const begin = () => start(find(), topology!, request === undefined ? {} : request, options);
      const loading = topology!.loadFirst?.(service, endpoint);
      return loading === undefined ? begin() : afterLoading(found, loading, begin);
    } catch (error) {
      return Promise.reject(error);
    }
  };
  calledBy.set(method, { service, endpoint });
  return method;
}

const calledBy = new WeakMap<object, { readonly service: string; readonly endpoint: string }>();

/** What a method of a generated client calls; undefined for any other value. */
export function endpointOf(method: object): { readonly service: string; readonly endpoint: string } | undefined {
  return calledBy.get(method);
}

function afterLoading({ kind }: ResolvedTarget, loading: Promise<void>, begin: () => unknown): unknown {
  if (kind !== "sse" && kind !== "http-stream") return loading.then(begin);
  return {
    async *[Symbol.asyncIterator]() {
      await loading;
      yield* begin() as AsyncIterable<unknown>;
    },
  };
}

/** What the call gives depends on the kind of the endpoint: a promise of the response or of a stream, or an iterable of items. */
function start(target: ResolvedTarget, topology: Topology, request: unknown, options: CallOpts | undefined): unknown {
  switch (target.kind) {
    case "stream-in":
    case "stream-out":
    case "stream-in-out":
      return openStream(topology, target, request, options);
    case "sse":
    case "http-stream":
      return callForItems(topology, target, request, options);
    default:
      return call(topology, target, request, options);
  }
}

// hot: guarded by bench/call
function call(
  topology: Topology,
  target: ResolvedTarget,
  request: unknown,
  options: CallOpts | undefined,
): Promise<unknown> {
  const parent = currentCall();
  const nowMs = performance.now();
  const caller = parent === undefined ? topology.graph.app.id : parent.service;
  const span = startTemplateSpan(target.spans.of(caller), parent?.span, nowMs);
  const deadlineAt = deadlineOf(parent, options);
  const cancellation = policy(target, parent, deadlineAt, options);
  try {
    const identity = identityOfCall(topology, parent, options);
    if (target.hosted !== undefined) {
      if (!target.hosted.isPlain) {
        const calling = callInProcess(target.hosted, request, span, parent, deadlineAt, cancellation, identity);
        return ended(calling, span, cancellation);
      }
      const input = copyRequest(target.hosted, request);
      const local = new LocalCall(target.hosted, span, parent, deadlineAt, cancellation, nowMs);
      local.run(input, identity);
      return local.result;
    }
    return callOverHttp(topology, target, request, span, parent, deadlineAt, cancellation, identity, nowMs);
  } catch (error) {
    recordError(span, error);
    cancellation.release();
    span.end();
    return Promise.reject(error);
  }
}

async function ended(calling: Promise<unknown>, span: RecordingSpan, cancellation: Cancellation): Promise<unknown> {
  try {
    return await calling;
  } catch (error) {
    recordError(span, error);
    throw error;
  } finally {
    cancellation.release();
    span.end();
  }
}
