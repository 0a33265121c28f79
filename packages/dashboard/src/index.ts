// The trace store, the API of the dashboard and its pages.
export type { PrivateCall, PrivateTarget } from "./call/call-endpoint.ts";
export type { AppState, AppStatus } from "./server/app-status.ts";
export type { LogSource } from "./logs/log-source.ts";
export type { MetricPoint, ServiceMetrics, StoredMetric } from "./metrics/metric-store.ts";
export { DashboardStartError } from "./server/errors.ts";
export { type Dashboard, type DashboardOptions, startDashboard } from "./server/start-dashboard.ts";
export type { TraceFilter } from "./traces/trace-filter.ts";
export { createTraceStore, type TraceStore, type TraceStoreOptions } from "./traces/trace-store.ts";
export type { Replay, TopicDesk } from "./topics/topic-desk.ts";
export type { CronControl } from "./server/answer-cron.ts";
