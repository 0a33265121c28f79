// The reference app uses every export of the encore.dev modules at least once, and neither Tenon nor plain TypeScript has anything to say
// against it.
import assert from "node:assert/strict";
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";
import { copyApp } from "./harness/app-copy.mjs";
import { root, runTenon, runTypeScript } from "./harness/tenon.mjs";

const source = "conformance/apps/reference";

/** Module -> what it exports according to the reference. */
const reference = {
  "encore.dev": `appMeta currentRequest AppMeta BuildMeta CloudProvider DeployMeta EnvironmentMeta EnvironmentType HostedService
    APICallMeta APIDesc BaseRequestMeta Method PubSubMessageMeta RequestMeta TraceData`,
  "encore.dev/api": `api APIOptions Header Query Cookie CookieWithOptions HttpStatus CallOpts Method StreamOptions StaticOptions
    StaticAssets RawHandler RawRequest RawResponse IterableSocket IterableStream Sink ErrDetails GatewayConfig Gateway APIError ErrCode
    StreamIn StreamOut StreamInOut StreamOutWithResponse StreamInHandlerFn StreamOutHandlerFn StreamInOutHandlerFn middleware
    Middleware MiddlewareFn MiddlewareOptions MiddlewareRequest Next HandlerResponse ResponseHeader`,
  "encore.dev/auth": "authHandler AuthHandler",
  "encore.dev/config": "secret Secret AnySecret",
  "encore.dev/cron": "CronJob CronJobConfig",
  "encore.dev/log": "default trace debug info warn error Logger LogLevel FieldValue FieldsObject",
  "encore.dev/metrics": "Counter CounterGroup Gauge GaugeGroup MetricConfig",
  "encore.dev/pubsub": `Topic TopicConfig DeliveryGuarantee Subscription SubscriptionConfig RetryPolicy TopicPerms Publisher Attribute
    AttributesOf DurationString`,
  "encore.dev/service": "Service ServiceConfig",
  "encore.dev/storage/cache": `CacheCluster CacheClusterConfig EvictionPolicy KeyspaceConfig WriteOptions StringKeyspace IntKeyspace
    FloatKeyspace StructKeyspace StringListKeyspace NumberListKeyspace StringSetKeyspace NumberSetKeyspace ListPosition Expiry expireIn
    expireInSeconds expireInMinutes expireInHours expireDailyAt neverExpire keepTTL CacheError CacheMiss CacheKeyExists`,
  "encore.dev/storage/objects": `Bucket BucketConfig ObjectAttrs UploadOptions ListOptions ListEntry ObjectsError ObjectNotFound
    PreconditionFailed BucketPerms Uploader SignedUploader Downloader SignedDownloader Attrser Lister Remover PublicUrler ReadWriter`,
  "encore.dev/storage/sqldb":
    "SQLDatabase SQLDatabaseConfig SQLMigrationsConfig Transaction Connection ResultRow Primitive",
  "encore.dev/types": "Decimal DurationString ToDecimal",
  "encore.dev/validate": "Min Max MinLen MaxLen MatchesRegexp StartsWith EndsWith IsEmail IsURL",
  "~encore/auth": "getAuthData",
  "~encore/clients": "gate library",
};

/** Every member of `api` that declares something. */
const declarations = ["api.raw(", "api.static(", "api.streamIn<", "api.streamOut<", "api.streamInOut<", "api("];

/** "module name" of everything that the app imports. */
async function importsOf(appDir) {
  const files = (await readdir(appDir, { recursive: true })).filter((name) => name.endsWith(".ts"));
  const texts = await Promise.all(files.map((name) => readFile(join(appDir, name), "utf8")));
  const found = new Set();
  for (const [, plain, named, module] of texts
    .join("\n")
    .matchAll(/^import (\w+)?,? ?(?:\{([^}]*)\})? from "([^"]+)";/gm)) {
    if (plain !== undefined) found.add(`${module} default`);
    for (const name of (named ?? "").split(",")) found.add(`${module} ${name.trim().replace(/^type /, "")}`);
  }
  return { found, text: texts.join("\n") };
}

test("the app uses every export of the reference", async () => {
  const { found, text } = await importsOf(join(root, source));
  const all = Object.entries(reference).flatMap(([module, names]) =>
    names.split(/\s+/).map((name) => `${module} ${name}`),
  );
  assert.deepEqual(
    all.filter((name) => !found.has(name)),
    [],
  );
  assert.deepEqual(
    declarations.filter((declaration) => !text.includes(declaration)),
    [],
  );
});

test("it is without problems for tenon and for plain TypeScript", async (t) => {
  const copy = await copyApp(source);
  t.after(() => copy.remove());
  const checked = await runTenon(["check", copy.dir]);
  assert.deepEqual([checked.code, checked.stderr], [0, ""], checked.stdout);
  const compiled = await runTypeScript("native", copy.dir);
  assert.deepEqual([compiled.code, compiled.stdout], [0, ""]);
});
