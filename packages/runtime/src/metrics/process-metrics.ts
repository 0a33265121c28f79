// What Tenon measures of the process itself: memory, CPU time, and how late its event loop is.
import type { IntervalHistogram } from "node:perf_hooks";
import type { GaugeRule } from "./metric-family.ts";
import { beforeReading, numberFamily } from "./metric-registry.ts";

/** The start itself, when everything waits for modules, is not what the lag of a service means. */
const LAG_FROM_MS = 1_000;
/** Finer than this costs more than it tells. */
const RESOLUTION_MS = 20;
const NO_LABELS = {};

const resident = gauge("process_resident_memory_bytes", "Memory of the process that is in RAM", "By");
const heapUsed = gauge("nodejs_heap_used_bytes", "JavaScript heap in use", "By");
const heapTotal = gauge("nodejs_heap_size_bytes", "JavaScript heap reserved", "By");
const cpu = numberFamily({
  name: "process_cpu_seconds_total",
  kind: "counter",
  description: "CPU time the process has used, in its own code and in the system's",
  unit: "s",
});
const lag = gauge(
  "nodejs_eventloop_lag_seconds",
  "How late the event loop was since metrics were last read",
  "s",
  "max",
);

/** Measures from now on; gives a function that ends it. */
export function observeProcess(): () => void {
  let delay: IntervalHistogram | undefined;
  const begin = setTimeout(async () => {
    const { monitorEventLoopDelay } = await import("node:perf_hooks");
    delay = monitorEventLoopDelay({ resolution: RESOLUTION_MS });
    delay.enable();
  }, LAG_FROM_MS);
  begin.unref();
  const stop = beforeReading(() => {
    const memory = process.memoryUsage();
    resident.series(NO_LABELS).value = memory.rss;
    heapUsed.series(NO_LABELS).value = memory.heapUsed;
    heapTotal.series(NO_LABELS).value = memory.heapTotal;
    const { user, system } = process.cpuUsage();
    cpu.series(NO_LABELS).value = (user + system) / 1e6;
    if (delay !== undefined) readLag(delay);
  });
  return () => {
    stop();
    clearTimeout(begin);
    delay?.disable();
  };
}

function readLag(delay: IntervalHistogram): void {
  for (const [quantile, share] of [
    ["0.5", 50],
    ["0.99", 99],
  ] as const) {
    lag.series({ quantile }).value = lagSeconds(delay.percentile(share));
  }
  lag.series({ quantile: "1" }).value = lagSeconds(delay.max);
  delay.reset();
}

/** What is measured includes the timer's own interval. */
function lagSeconds(delayNs: number): number {
  return Math.max(0, delayNs / 1e9 - RESOLUTION_MS / 1000);
}

function gauge(name: string, description: string, unit: string, acrossWorkers?: GaugeRule) {
  return numberFamily({ name, kind: "gauge", description, unit, acrossWorkers });
}
