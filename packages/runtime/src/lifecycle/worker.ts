// The entry of a service process, started by `child_process.fork`: waits for its configuration, hosts, and goes when it is told to,
// when it gets SIGTERM, or when its supervisor is gone.
//
//   waiting --start--> starting --ok--> hosting --stop, SIGTERM, disconnect--> draining --> exit 0
//                          +--failed--> exit 1        +--uncaught error--> exit 1
import { log } from "../log/log.ts";
import { flushTelemetry } from "../telemetry/pipeline.ts";
import { HostError } from "./host-error.ts";
import type { HostConfig } from "./host-config.ts";
import { type Host, startHost } from "./start-host.ts";
import type { FromWorker, ToWorker, WorkerError } from "./worker-messages.ts";

/** For SIGTERM and a lost supervisor, who give no time. */
const DEFAULT_DRAIN_MS = 5_000;

let starting: Promise<Host> | undefined;
let isStopping = false;

process.on("message", (message: ToWorker) => {
  if (message.type === "start") void start(message.config);
  else if (message.type === "update") void update(message.remotes);
  else if (message.type === "stop") void stop(message.timeoutMs);
});
process.on("disconnect", () => void stop(DEFAULT_DRAIN_MS));
process.on("SIGTERM", () => void stop(DEFAULT_DRAIN_MS));
// A terminal sends Ctrl-C to every process of the group; the supervisor decides when this one goes.
process.on("SIGINT", () => {});
process.on("uncaughtException", (error, origin) => void crash(error, origin));

async function start(config: HostConfig): Promise<void> {
  const startedAt = performance.now();
  try {
    starting = startHost(config);
    const host = await starting;
    await tell({
      type: "ready",
      gateway: host.gatewayAddress,
      internal: host.internalAddress,
      startupMs: Math.round(performance.now() - startedAt),
    });
  } catch (error) {
    await tell({ type: "failed", error: describe(error) });
    process.exit(1);
  }
}

async function update(remotes: Readonly<Record<string, string>>): Promise<void> {
  (await starting)?.update({ remotes });
}

async function stop(timeoutMs: number): Promise<void> {
  if (isStopping) return;
  isStopping = true;
  try {
    const host = await starting;
    await host?.close({ timeoutMs });
    process.exit(0);
  } catch (error) {
    log.error(error, "the process could not stop cleanly");
    process.exit(1);
  }
}

/** State is unknown after such an error: the process goes, and the supervisor starts another. */
async function crash(error: unknown, origin: string): Promise<void> {
  const what =
    origin === "unhandledRejection"
      ? "a promise was rejected and nobody handled it"
      : "an error was thrown and nobody caught it";
  log.error(error, `${what}: the process ends`);
  await flushTelemetry();
  process.exit(1);
}

function describe(error: unknown): WorkerError {
  if (!(error instanceof HostError)) {
    const { message, stack } = error instanceof Error ? error : new Error(String(error));
    return { code: "crashed", message, ...(stack === undefined ? {} : { stack }) };
  }
  const { code, message, hint, cause } = error;
  return {
    code,
    message,
    hint,
    ...(cause instanceof Error && cause.stack !== undefined ? { stack: cause.stack } : {}),
  };
}

/** Resolves once the message is on its way; a supervisor that is gone no longer wants it. */
function tell(message: FromWorker): Promise<void> {
  return new Promise((resolve) => {
    if (process.send === undefined || !process.connected) resolve();
    else process.send(message, undefined, {}, () => resolve());
  });
}
