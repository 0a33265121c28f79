// The settings of a subscription, with their defaults, and what is wrong with them.
import type { Schema, Schemas, Subscription } from "@tenon/model";
import type { Options, ResourceReader } from "./resource-reader.ts";
import { readFilter } from "./subscription-filter.ts";

const defaults = {
  maxConcurrency: 100,
  /** Each holds a connection: below what a pool has by default for those that hold one. */
  maxTransactions: 5,
  ackDeadlineMs: 30_000,
  messageRetentionMs: 7 * 86_400_000,
  minBackoffMs: 10_000,
  maxBackoffMs: 600_000,
  maxRetries: 100,
  batchSize: 100,
  batchWaitMs: 100,
};

const largestBatch = 10_000;

const knownOptions = [
  "handler",
  "batchHandler",
  "batch",
  "filter",
  "deadLetterHandler",
  "database",
  "maxConcurrency",
  "ackDeadline",
  "messageRetention",
  "retryPolicy",
];

/** `attributes`: those of the topic's messages. `databaseOf`: reads the option `database`, which is a reference. */
export function readSubscriptionOptions(
  reader: ResourceReader,
  attributes: ReadonlyMap<string, Schema>,
  schemas: Schemas,
  databaseOf: (reader: ResourceReader, options: Options) => Pick<Subscription, "effect" | "database">,
): Omit<Subscription, "name" | "service" | "location"> {
  const options = reader.options(2, knownOptions);
  checkHandlers(reader, options);
  const filter = readFilter(reader, options, attributes, schemas);
  const ackDeadlineMs = duration(reader, options, "ackDeadline") ?? defaults.ackDeadlineMs;
  const batch = readBatch(reader, options, ackDeadlineMs);
  return {
    ...databaseOf(reader, options),
    ...(filter === undefined ? {} : { filter }),
    ...(batch === undefined ? {} : { batch }),
    ...(options.has("deadLetterHandler") ? { hasDeadLetterHandler: true } : {}),
    maxConcurrency: readConcurrency(reader, options, batch?.maxSize ?? 1),
    ackDeadlineMs,
    messageRetentionMs: duration(reader, options, "messageRetention") ?? defaults.messageRetentionMs,
    retryPolicy: readRetryPolicy(reader, options),
  };
}

function checkHandlers(reader: ResourceReader, options: Options): void {
  // Options that could not be read are reported already.
  if (options.size === 0 && reader.argument(2)?.kind !== "object") return;
  const found = ["handler", "batchHandler"].filter((name) => options.has(name));
  if (found.length !== 1) {
    reader.report("TN1289", reader.argument(2) ?? reader.call, { found: found.length === 0 ? "neither" : "both" });
  }
  const batch = options.get("batch");
  if (batch !== undefined && !options.has("batchHandler")) reader.report("TN1290", batch);
}

function readBatch(reader: ResourceReader, options: Options, ackDeadlineMs: number): Subscription["batch"] {
  const batch = within(reader, options, "batch");
  if (!options.has("batchHandler")) return undefined;
  const maxSize = reader.value(batch, "maxSize") ?? defaults.batchSize;
  const isSize = typeof maxSize === "number" && Number.isInteger(maxSize) && maxSize >= 1 && maxSize <= largestBatch;
  if (!isSize) wrong(reader, batch, "maxSize", "batch.maxSize", `a whole number from 1 to ${largestBatch}`);
  const maxWaitMs = duration(reader, batch, "maxWait") ?? Math.min(defaults.batchWaitMs, ackDeadlineMs / 2);
  // The deadline runs while a message waits for others.
  if (maxWaitMs >= ackDeadlineMs) wrong(reader, batch, "maxWait", "batch.maxWait", "shorter than ackDeadline");
  return { maxSize: isSize ? maxSize : defaults.batchSize, maxWaitMs };
}

/** null: no limit, which Encore.ts writes as a negative number. `least`: a batch would never be full otherwise. */
function readConcurrency(reader: ResourceReader, options: Options, least: number): number | null {
  const value = reader.value(options, "maxConcurrency");
  const usual = options.has("database") ? defaults.maxTransactions : defaults.maxConcurrency;
  if (value === undefined) return Math.max(usual, least);
  if (typeof value === "number" && Number.isInteger(value) && value < 0) return null;
  if (typeof value === "number" && Number.isInteger(value) && value >= least) return value;
  const bound = least === 1 ? "above zero" : `of batch.maxSize (${least}) at least`;
  wrong(reader, options, "maxConcurrency", "maxConcurrency", `a whole number ${bound}, or negative for no limit`);
  return usual;
}

function readRetryPolicy(reader: ResourceReader, options: Options): Subscription["retryPolicy"] {
  const policy = within(reader, options, "retryPolicy");
  return {
    minBackoffMs: duration(reader, policy, "minBackoff") ?? defaults.minBackoffMs,
    maxBackoffMs: duration(reader, policy, "maxBackoff") ?? defaults.maxBackoffMs,
    // As in Encore.ts, zero stands for the default.
    maxRetries: count(reader, policy, "maxRetries") || defaults.maxRetries,
  };
}

/** The options inside of an option, all of them at its place. */
function within(reader: ResourceReader, options: Options, option: string): Options {
  const value = reader.value(options, option);
  const located = options.get(option);
  const isObject = typeof value === "object" && value !== null && !Array.isArray(value);
  if (value !== undefined && !isObject) wrong(reader, options, option, option, "an object");
  const entries = isObject ? Object.entries(value) : [];
  return new Map(entries.map(([key, one]) => [key, { ...located!, known: { value: one } }]));
}

function duration(reader: ResourceReader, options: Options, option: string): number | undefined {
  return reader.duration(options, option, "TN1283", 1, "30s");
}

/** Negative stands for the default, as in Encore.ts. */
function count(reader: ResourceReader, options: Options, option: string): number | undefined {
  const value = reader.value(options, option);
  if (value === undefined) return undefined;
  if (typeof value === "number" && Number.isInteger(value)) return value < 0 ? undefined : value;
  wrong(reader, options, option, option, "a whole number");
  return undefined;
}

function wrong(reader: ResourceReader, options: Options, option: string, name: string, expected: string): void {
  reader.report("TN1283", options.get(option) ?? reader.call, { option: name, expected });
}
