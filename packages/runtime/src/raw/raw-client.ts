// The method of a generated client for a raw endpoint: `fetch`, addressed to the endpoint wherever it lives.
import type { HttpMethod } from "@tenon/model";
import { startSpan } from "../telemetry/recorder.ts";
import { type CallContext, currentCall } from "../call/context.ts";
import { Cancellation } from "../call/cancellation.ts";
import { recordError } from "../call/normalize-error.ts";
import { reasonOf, type CallOpts } from "../call/policy.ts";
import { type ResolvedTarget, resolve } from "../call/resolve.ts";
import { cancellationOf } from "../call/served-call.ts";
import { type Topology, topologyFor } from "../call/topology.ts";
import { callHeaders } from "../call/transport-http.ts";
import { pathOfCall, type RawCallInit } from "./raw-call-init.ts";
import { exchangeRaw } from "./raw-exchange.ts";

/**
 * Resolves with the endpoint's answer, whatever its status, as soon as its head is there; bodies stream both ways. Rejects with an
 * APIError: `unavailable` when the endpoint cannot be reached, `deadline_exceeded`, `canceled`. There is no time limit but the
 * caller's own and `options.timeoutMs`.
 */
export function rawClientMethod(
  service: string,
  endpoint: string,
): (init?: RawCallInit, options?: CallOpts) => Promise<Response> {
  const name = `${service}.${endpoint}`;
  return async (init = {}, options) => {
    const topology = topologyFor(name);
    await topology.loadFirst?.(service, endpoint);
    const target = resolve(topology, service, endpoint);
    const parent = currentCall();
    const span = startSpan({
      name: target.name,
      kind: "client",
      service: parent?.service ?? topology.graph.app.id,
      parent: parent?.span,
      attributes: target.attributes,
    });
    const deadlineAt = deadlineOf(parent, options);
    const cancellation = cancellationFor(target, parent, deadlineAt, [init.signal, options?.signal]);
    try {
      const declared = endpointOf(topology, service, endpoint);
      const path = pathOfCall(declared, init);
      const method = (init.method?.toUpperCase() ?? declared.methods[0] ?? "POST") as HttpMethod;
      const identity = options?.authData === undefined ? parent?.identity : topology.auth.identityOf(options.authData);
      // The deadline stays here: that the caller has gone is all the other side needs to know, and it learns that in time.
      const headers = {
        ...callHeaders(topology.credential, span, parent, Number.POSITIVE_INFINITY),
        ...identity?.headers,
      };
      const response = await exchangeRaw({ topology, target, headers, cancellation, method, path, init });
      span.set("http.response.status_code", response.status);
      return response;
    } catch (error) {
      recordError(span, error);
      cancellation.release();
      throw error;
    } finally {
      span.end();
    }
  };
}

function endpointOf(topology: Topology, service: string, endpoint: string) {
  const declared = topology.graph.services.find(({ name }) => name === service)?.endpoints;
  // `resolve` has found its codec, which is made from this.
  return declared!.find(({ name }) => name === endpoint)!;
}

function deadlineOf(parent: CallContext | undefined, options: CallOpts | undefined): number {
  const own = options?.timeoutMs === undefined ? Number.POSITIVE_INFINITY : Date.now() + options.timeoutMs;
  return Math.min(own, parent?.deadlineAt ?? Number.POSITIVE_INFINITY);
}

function cancellationFor(
  target: ResolvedTarget,
  parent: CallContext | undefined,
  deadlineAt: number,
  signals: readonly (AbortSignal | null | undefined)[],
): Cancellation {
  const cancellation = new Cancellation(cancellationOf(parent));
  if (Number.isFinite(deadlineAt)) cancellation.cancelAt(deadlineAt, target.deadlinePassed);
  const given = signals.filter((signal) => signal !== null && signal !== undefined);
  if (given.length > 0) cancellation.follow(AbortSignal.any(given), (aborted) => reasonOf(target, aborted));
  return cancellation;
}
