// Which of the processes that run a service a span or a metric comes from: OpenTelemetry's `service.instance.id`.
import { randomBytes } from "node:crypto";
import { hostname } from "node:os";

let known: string | undefined;

/** "web-3:4711": the machine or container, and the process in it. The same as long as the process lives. */
export function instanceId(): string {
  known ??= `${machineName()}:${process.pid}`;
  return known;
}

/** On platforms that call every container "localhost" (Cloud Run), a random one. */
function machineName(): string {
  const name = hostname();
  return name === "localhost" ? randomBytes(4).toString("hex") : name;
}
