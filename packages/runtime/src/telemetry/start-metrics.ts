// The metrics of a process: observes the process itself, and sends them where the configuration says.
import type { TelemetryConfig } from "../lifecycle/host-config.ts";
import { observeProcess } from "../metrics/process-metrics.ts";
import { configureMetrics } from "./configure-telemetry.ts";
import type { MetricsPusher } from "./push/push-metrics.ts";

export interface RunningMetrics {
  /** In a function, behind an answer: pushes where the last push is long enough ago. Never rejects. */
  settle(): Promise<void>;
  /** Sends them once more. */
  end(): Promise<void>;
}

/** `app` names what belongs to no service. In a function no clock pushes, as it stands still between requests. */
export async function startMetrics(
  app: string,
  telemetry: TelemetryConfig,
  isFunction: boolean,
): Promise<RunningMetrics> {
  const stopObserving = observeProcess();
  const stopExport = configureMetrics(app, telemetry);
  const pusher = await openPusher(app, telemetry);
  if (!isFunction) pusher?.start();
  return {
    settle: async () => pusher?.pushIfDue(),
    async end() {
      await Promise.all([stopExport?.(), pusher?.end()]);
      stopObserving();
    },
  };
}

async function openPusher(app: string, { metricsPush }: TelemetryConfig): Promise<MetricsPusher | undefined> {
  if (metricsPush === undefined) return undefined;
  const [{ openWriter }, { MetricsPusher: Pusher }] = await Promise.all([
    import("./push/open-writer.ts"),
    import("./push/push-metrics.ts"),
  ]);
  return new Pusher(await openWriter(metricsPush, app), metricsPush.intervalMs);
}
