// Runs telemetry's own work outside of any call. Timers and sockets inherit the async context they are made in: without this, the
// exporter would run "within" whichever call ended a span first, keep its memory alive, and log as if it were that call.
import { AsyncResource } from "node:async_hooks";

const startUp = new AsyncResource("TenonTelemetry");

export function runOutsideOfCalls<T>(run: () => T): T {
  return startUp.runInAsyncScope(run);
}
