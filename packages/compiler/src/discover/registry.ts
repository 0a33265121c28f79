// The list of what can be declared: module and export -> the file that reads it. The next primitive goes here.
import { findEndpoint } from "./api.ts";
import type { CallSite } from "./call-site.ts";
import type { Declaration } from "./declarations.ts";
import { findResource } from "./resource.ts";
import { findSecret } from "./secret.ts";
import { findService } from "./service.ts";
import { findDatabase, findNamedDatabase } from "./sql-database.ts";

type Finder = (site: CallSite) => Declaration;

const finders: ReadonlyMap<string, Finder> = new Map<string, Finder>([
  ["tenon/api#api", findEndpoint("typed")],
  ["tenon/api#api.raw", findEndpoint("raw")],
  ["tenon/api#api.static", findEndpoint("static")],
  ["tenon/api#api.streamIn", findEndpoint("stream-in")],
  ["tenon/api#api.streamOut", findEndpoint("stream-out")],
  ["tenon/api#api.streamInOut", findEndpoint("stream-in-out")],
  ["tenon/api#api.sse", findEndpoint("sse")],
  ["tenon/service#new Service", findService],
  ["tenon/storage/sqldb#new SQLDatabase", findDatabase],
  ["tenon/storage/sqldb#SQLDatabase.named", findNamedDatabase],
  ["tenon/config#secret", findSecret],
  ["tenon/config#config", findResource("config", true)],
  ["tenon/metrics#new Counter", findResource("metric", false)],
  ["tenon/metrics#new CounterGroup", findResource("metric", true)],
  ["tenon/metrics#new Gauge", findResource("metric", false)],
  ["tenon/metrics#new GaugeGroup", findResource("metric", true)],
  ["tenon/metrics#new Histogram", findResource("metric", false)],
  ["tenon/metrics#new HistogramGroup", findResource("metric", true)],
  ["tenon#new App", findResource("app", false)],
  ["tenon/api#new Gateway", findResource("gateway", false)],
  ["tenon/api#middleware", findResource("middleware", false)],
  ["tenon/auth#authHandler", findResource("auth-handler", true)],

  ["tenon/pubsub#new Topic", findResource("topic", true)],
  ["tenon/pubsub#new Subscription", findResource("subscription", false)],
  ["tenon/cron#new CronJob", findResource("cron-job", false)],
  ["tenon/storage/objects#new Bucket", findResource("bucket", false)],
  ["tenon/storage/objects#Bucket.named", findResource("bucket", false)],
  ["tenon/storage/cache#new CacheCluster", findResource("cache-cluster", false)],
  ["tenon/storage/cache#CacheCluster.named", findResource("cache-cluster", false)],
  ...[
    "StringKeyspace",
    "IntKeyspace",
    "FloatKeyspace",
    "StructKeyspace",
    "StringListKeyspace",
    "NumberListKeyspace",
    "StringSetKeyspace",
    "NumberSetKeyspace",
    "SortedSetKeyspace",
    "HashKeyspace",
    "LockKeyspace",
    "RateLimiter",
  ].map((name): [string, Finder] => [`tenon/storage/cache#new ${name}`, findResource("cache-keyspace", true)]),
]);

export function finderFor(site: Pick<CallSite, "module" | "name" | "isNew">): Finder | null {
  return finders.get(`${site.module}#${site.isNew ? "new " : ""}${site.name}`) ?? null;
}
