// Runs part of a test for somebody: calls and `getAuthData()` inside see what an auth handler of the app would have said.
import { Cancellation } from "../call/cancellation.ts";
import { type CallContext, currentCall, runInCall } from "../call/context.ts";
import { newRequestId } from "../call/request-id.ts";
import { startSpan } from "../telemetry/recorder.ts";
import { currentTestHost } from "./test-host.ts";

/**
 * Gives what `run` gives. `authData` is checked against what the auth handlers of the app return; null: for nobody. Throws RequestError
 * `auth_data_invalid`, TestingError `no_app_under_test`.
 */
export function asAuth<T>(authData: unknown, run: () => T): T {
  const { topology } = currentTestHost();
  const identity = topology.auth.identityOf(authData);
  const parent = currentCall();
  if (parent !== undefined) return runInCall(Object.assign(Object.create(parent) as CallContext, { identity }), run);
  const service = topology.graph.app.id;
  const span = startSpan({ name: "test", kind: "internal", service });
  const context: CallContext = {
    span,
    service,
    endpoint: "test",
    requestId: newRequestId(),
    deadlineAt: undefined,
    signal: new Cancellation(undefined).signal,
    caller: undefined,
    identity,
  };
  const result = runInCall(context, run);
  span.end();
  return result;
}
