// The metrics of a process: observes the process itself, and sends them where the configuration says.
import type { TelemetryConfig } from "../lifecycle/host-config.ts";
import { observeProcess } from "../metrics/process-metrics.ts";
import { configureMetrics } from "./configure-telemetry.ts";

/** Gives a function that sends them once more and ends. `app` names what belongs to no service. */
export async function startMetrics(app: string, telemetry: TelemetryConfig): Promise<() => Promise<void>> {
  const stopObserving = observeProcess();
  const stopExport = configureMetrics(app, telemetry);
  const stopPush = await startPush(app, telemetry);
  return async () => {
    await Promise.all([stopExport?.(), stopPush?.()]);
    stopObserving();
  };
}

async function startPush(app: string, { metricsPush }: TelemetryConfig): Promise<(() => Promise<void>) | undefined> {
  if (metricsPush === undefined) return undefined;
  const { pushMetrics } = await import("./remote-write/push-metrics.ts");
  return pushMetrics({ ...metricsPush, app });
}
