// Pushes the metrics of this process to a receiver, every so often and once more at the end. A push that fails is told once with its reason, then
// counted; what it carried is not lost, as counts go on and writers know what has arrived.
import { clock } from "../../clock/clock.ts";
import { log } from "../../log/log.ts";
import { metricReadings } from "../../metrics/metric-reading.ts";
import { numberFamily, readMetrics } from "../../metrics/metric-registry.ts";
import { messageOf } from "../exception-event.ts";
import { runOutsideOfCalls } from "../outside-of-calls.ts";
import type { MetricsWriter } from "./metrics-writer.ts";

const LAST_PUSH_MS = 2_000;
/** Behind an answer somebody waits. */
const SETTLE_MS = 1_000;

const failures = numberFamily({
  name: "tenon_metrics_push_failures_total",
  kind: "counter",
  description: "Pushes of metrics that did not arrive as a whole",
});

export class MetricsPusher {
  readonly #writer: MetricsWriter;
  readonly #intervalMs: number;
  readonly #ending = new AbortController();
  #timer: NodeJS.Timeout | undefined;
  #running: Promise<void> | undefined;
  #lastBeginMs = Number.NEGATIVE_INFINITY;
  /** In a row; 0: the last one arrived. */
  #failed = 0;

  constructor(writer: MetricsWriter, intervalMs: number) {
    this.#writer = writer;
    this.#intervalMs = intervalMs;
  }

  /** Pushes by the clock from now on. */
  start(): void {
    const push = () => void this.#push(this.#intervalMs);
    this.#timer = runOutsideOfCalls(() => setInterval(push, this.#intervalMs));
    this.#timer.unref();
  }

  /** Where nothing has been pushed for an interval, or never yet. Never rejects. */
  async pushIfDue(): Promise<void> {
    if (clock().now() - this.#lastBeginMs < this.#intervalMs) return;
    await runOutsideOfCalls(() => this.#push(SETTLE_MS));
  }

  /** Pushes once more, behind what is under way. Never rejects. */
  async end(): Promise<void> {
    clearInterval(this.#timer);
    const limit = setTimeout(() => this.#ending.abort(new Error(`no answer within ${LAST_PUSH_MS} ms`)), LAST_PUSH_MS);
    await this.#running;
    await runOutsideOfCalls(() => this.#push(this.#intervalMs));
    clearTimeout(limit);
  }

  /** One that is still under way stands for this one, too: what it does not carry the next one does. */
  #push(timeoutMs: number): Promise<void> {
    this.#running ??= this.#write(timeoutMs).finally(() => {
      this.#running = undefined;
    });
    return this.#running;
  }

  async #write(timeoutMs: number): Promise<void> {
    const nowMs = clock().now();
    this.#lastBeginMs = nowMs;
    const signal = AbortSignal.any([AbortSignal.timeout(timeoutMs), this.#ending.signal]);
    try {
      await this.#writer.write(metricReadings(readMetrics()), nowMs, signal);
      this.#succeed();
    } catch (error) {
      this.#fail(error);
    }
  }

  #succeed(): void {
    if (this.#failed > 0) {
      log.info("telemetry: metrics are pushed again", { receiver: this.#writer.receiver, failedPushes: this.#failed });
    }
    this.#failed = 0;
  }

  #fail(error: unknown): void {
    failures.series({}).value++;
    this.#failed++;
    if (this.#failed > 1) return;
    const { receiver, hint } = this.#writer;
    log.warn("telemetry: metrics could not be pushed", { receiver, problem: messageOf(error), hint });
  }
}
