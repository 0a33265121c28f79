/// <reference types="node" preserve="true" />
// The runtime's public surface: what the `tenon` package re-exports to users, and what the supervisor and generated code use.
export * from "./call/context.ts";
export * from "./call/request-meta.ts";
export * from "./config/app-meta.ts";
export type * from "./lifecycle/host-config.ts";
export type * from "./telemetry/span.ts";
export { type AppCall, callAsApp } from "./call/call-as-app.ts";
export { isLogLevel, LogLevel } from "./log/level.ts";
export { type FieldsObject, type FieldValue, type LogFields, type Logger, log } from "./log/log.ts";
export type { LogEntry } from "./log/entry.ts";
export type { MetricsPushConfig, MetricsReceiver } from "./telemetry/push/metrics-push-config.ts";
export { parseLogLine } from "./log/parse-json.ts";
export { renderPretty } from "./log/render-pretty.ts";
export { configureLog, type LogOptions } from "./log/output.ts";
export { configureTelemetry, type TelemetryOptions } from "./telemetry/configure-telemetry.ts";
export { TelemetrySettingError } from "./telemetry/errors.ts";
export { flushTelemetry, type TelemetryCounts, telemetryCounts } from "./telemetry/pipeline.ts";
export { hideSecrets, redactText } from "./telemetry/redaction.ts";
export { startSpan } from "./telemetry/recorder.ts";
export { telemetryConfigFromEnv } from "./telemetry/telemetry-config-from-env.ts";
export { formatTraceparent, parseTraceparent } from "./telemetry/trace-context.ts";
export {
  type APIOptions,
  api,
  type ContractOf,
  type DeclaredErrorClass,
  type Endpoint,
  type Method,
  type SchemaEndpoint,
} from "./call/api.ts";
export { APIError, type DefinedError, type DefinedErrorClass, ErrCode, type ErrDetails } from "./call/api-error.ts";
export { HttpStatus } from "./call/http-status.ts";
export { Decimal, type ToDecimal } from "./codec/decimal.ts";
export { clientMethod } from "./call/client-method.ts";
export type { CallOpts } from "./call/policy.ts";
export type * from "./stream/declare-streams.ts";
export type { EventsContext, ServerEvent } from "./stream/server-event.ts";
export { IterableSocket, IterableStream, Sink } from "./stream/served-stream.ts";
export { RequestError } from "./call/request-error.ts";
export { type Config, type ConfigOptions, config, type Defaults } from "./config/config.ts";
export { type AnySecret, configureSecrets, type Secret, secret } from "./config/secret.ts";
export { type HostErrorCode, hostErrors, type RequestErrorName, requestErrors } from "./errors.ts";
export { createGateway, type GatewayOptions, type OpenGateway, type Remotes } from "./gateway/create-gateway.ts";
export type { RawCallInit } from "./raw/raw-call-init.ts";
export { rawClientMethod } from "./raw/raw-client.ts";
export { type RawHandler, RawRequest, RawResponse, type RawTarget } from "./raw/raw-handler.ts";
export { StaticAssets, type StaticOptions } from "./static/static-assets.ts";
export { Counter, CounterGroup, type Incrementable } from "./metrics/counter.ts";
export { Gauge, type GaugeConfig, GaugeGroup, type Settable } from "./metrics/gauge.ts";
export { Histogram, type HistogramConfig, HistogramGroup, type Recordable } from "./metrics/histogram.ts";
export type { LabelsOf, MetricConfig } from "./metrics/metric-options.ts";
export { HostError } from "./lifecycle/host-error.ts";
export type { Build, BuildManifest } from "./lifecycle/load-build.ts";
export type { CheckResult } from "./lifecycle/hosted-services.ts";
export type {
  HealthCheck,
  HookContext,
  ServiceHook,
  ServiceHooks,
  TimedHealthCheck,
} from "./lifecycle/service-hooks.ts";
export type { HostSiblings, OwnState } from "./lifecycle/host-siblings.ts";
export { createMemoryStore } from "./cron/memory-store.ts";
export type { CronStore } from "./cron/cron-store.ts";
export { lastingMetrics, mergeMetrics } from "./metrics/merge-metrics.ts";
export type { MetricReading } from "./metrics/metric-reading.ts";
export { type Host, startHost } from "./lifecycle/start-host.ts";
export type { FromWorker, ToWorker, WorkerError } from "./lifecycle/worker-messages.ts";
export { checkDatabases, closeDatabases, configureDatabases, type DatabaseHealth } from "./data/configure-databases.ts";
export type { Connection } from "./data/connection.ts";
export {
  DatabaseError,
  type DatabaseErrorCode,
  databaseErrors,
  MigrationError,
  type MigrationErrorCode,
  migrationErrors,
} from "./data/errors.ts";
export { applyMigrations, type MigrationOptions, pendingMigrations } from "./data/migrations/apply-migrations.ts";
export type {
  Broker,
  BrokerAdapter,
  Burial,
  Consumer,
  Delivery,
  Outcome,
  OutgoingMessage,
  Receiver,
  SubscriptionSpec,
  TopicSpec,
} from "./messaging/broker.ts";
export { dedupWindowMs } from "./messaging/broker.ts";
export {
  EngineCannot,
  engineErrors,
  LeaseLost,
  MessagingError,
  type MessagingErrorCode,
  messagingErrors,
} from "./messaging/errors.ts";
export type { EngineConfig, MessagingConfig, PostgresMessagingConfig } from "./messaging/messaging-config.ts";
export { openTopicControl } from "./messaging/open-broker.ts";
export { createTopicControl } from "./messaging/postgres/postgres-topic-control.ts";
export type {
  BatchContext,
  BatchedMessage,
  BatchResult,
  DeadLetterContext,
  MessageContext,
  TransactionContext,
} from "./messaging/message-context.ts";
export type { PublishBatchOptions, PublishOptions } from "./messaging/publish-options.ts";
export {
  type BatchOptions,
  type BatchSubscriptionConfig,
  type RetryPolicy,
  Subscription,
  type SubscriptionConfig,
  type SubscriptionSettings,
  type TransactionalSubscriptionConfig,
} from "./messaging/subscription.ts";
export {
  type Attribute,
  type AttributesOf,
  type BatchPublisher,
  type DeliveryGuarantee,
  type MessageFilter,
  type Publisher,
  Topic,
  type TopicConfig,
  type TopicPerms,
} from "./messaging/topic.ts";
export type { CacheConfig, CacheServer } from "./cache/cache-config.ts";
export { CacheCluster, type CacheClusterConfig, type EvictionPolicy } from "./cache/cluster.ts";
export { closeCaches, configureCaches } from "./cache/clusters.ts";
export { CacheError, type CacheErrorCode, CacheKeyExists, CacheMiss, cacheErrors } from "./cache/errors.ts";
export {
  type Expiry,
  expireDailyAt,
  expireIn,
  expireInHours,
  expireInMinutes,
  expireInSeconds,
  keepTTL,
  neverExpire,
} from "./cache/expiry.ts";
export { HashKeyspace } from "./cache/hash-keyspace.ts";
export type { KeyspaceConfig, WriteOptions } from "./cache/keyspace.ts";
export { type ListPosition, NumberListKeyspace, StringListKeyspace } from "./cache/list-keyspace.ts";
export { type CacheLock, LockKeyspace, type LockOptions } from "./cache/lock-keyspace.ts";
export { FloatKeyspace, IntKeyspace } from "./cache/number-keyspaces.ts";
export { RateLimiter, type RateLimit, type RateLimiterConfig } from "./cache/rate-limiter.ts";
export { acquireLock, type CacheScript, extendLock, releaseLock, takeFromBudget } from "./cache/scripts.ts";
export { NumberSetKeyspace, StringSetKeyspace } from "./cache/set-keyspace.ts";
export { type ScoredMember, type ScoreOrder, SortedSetKeyspace } from "./cache/sorted-set-keyspace.ts";
export { StringKeyspace } from "./cache/string-keyspace.ts";
export { StructKeyspace } from "./cache/struct-keyspace.ts";
export { type Clock, clock, type Timer, useClock } from "./clock/clock.ts";
export { VirtualClock } from "./clock/virtual-clock.ts";
export type { CronConfig } from "./cron/cron-config.ts";
export { createSchedule, type Schedule } from "./cron/schedule.ts";
export { parseAddress } from "./call/remote.ts";
export type { JobRun } from "./cron/scheduler.ts";
export { CRON_PATH } from "./cron/serve-cron.ts";
export { CronJob, type CronJobConfig } from "./cron/cron-job.ts";
export type { Primitive } from "./data/parameters.ts";
export { type ProvisionOptions, provisionDatabase } from "./data/provision-database.ts";
export { SQLDatabase, type SQLDatabaseConfig, type SQLMigrationsConfig } from "./data/sql-database.ts";
export type { Row, Row as ResultRow } from "./data/statement.ts";
export type { Transaction, TransactionOptions } from "./data/transaction.ts";
export type { RetriedTransactionOptions } from "./data/retry-transaction.ts";
export type { ListenEvent } from "./data/notification-hub.ts";
export type { CopyChunks } from "./data/copy-in.ts";
export type { CopyRow, CopyRows } from "./data/copy-rows.ts";
export { App, type AppConfig } from "./middleware/app.ts";
export { HandlerResponse, ResponseHeader } from "./middleware/handler-response.ts";
export {
  type Middleware,
  type MiddlewareBag,
  type MiddlewareFn,
  type MiddlewareOptions,
  type MiddlewareTarget,
  middleware,
  type Next,
} from "./middleware/middleware.ts";
export { MiddlewareRequest } from "./middleware/middleware-request.ts";
export {
  type AuthCacheOptions,
  type AuthDataOf,
  type AuthHandler,
  type AuthHandlerOptions,
  authHandler,
} from "./auth/auth-handler.ts";
export { getAuthData } from "./auth/get-auth-data.ts";
export { Gateway, type GatewayConfig } from "./gateway/gateway.ts";
export { Bucket } from "./objects/bucket.ts";
export type {
  BucketConfig,
  CopyOptions,
  DownloadOptions,
  FolderListOptions,
  ListOptions,
  ObjectDownload,
  SignedUploadOptions,
  SignedUrlOptions,
  UploadOptions,
  VersionOptions,
  WritePreconditions,
} from "./objects/bucket-options.ts";
export type {
  Attrser,
  BucketPerms,
  Copier,
  Downloader,
  Lister,
  PublicUrler,
  ReadWriter,
  Remover,
  SignedDownloader,
  SignedUploader,
  Uploader,
} from "./objects/bucket-permissions.ts";
export {
  ChecksumMismatch,
  ObjectNotFound,
  ObjectsError,
  type ObjectsErrorCode,
  PreconditionFailed,
  RangeNotSatisfiable,
} from "./objects/errors.ts";
export type { ObjectData } from "./objects/object-data.ts";
export type { CommonPrefix, ListEntry, ObjectAttrs, ObjectChecksum, ObjectRange } from "./objects/object-store.ts";
export type { ObjectsConfig, RemoteBucketConfig } from "./objects/objects-config.ts";
export type { S3Account, S3BucketConfig } from "./objects/s3/s3-bucket-config.ts";
export type { GatewayHook, GatewayRequest } from "./gateway/gateway-request.ts";
