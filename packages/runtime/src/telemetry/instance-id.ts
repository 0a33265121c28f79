// Which of the processes that run a service a span or a metric comes from: OpenTelemetry's `service.instance.id`.
import { hostname } from "node:os";

let known: string | undefined;

/** "web-3:4711": the machine or container, and the process in it. The same as long as the process lives. */
export function instanceId(): string {
  known ??= `${hostname()}:${process.pid}`;
  return known;
}
