// What surrounds a handler: the app, the request, secrets, logs and metrics.
import {
  type APICallMeta,
  type APIDesc,
  type AppMeta,
  appMeta,
  type BaseRequestMeta,
  type BuildMeta,
  type CloudProvider,
  currentRequest,
  type DeployMeta,
  type EnvironmentMeta,
  type EnvironmentType,
  type HostedService,
  type Method,
  type RequestMeta,
  type TraceData,
} from "encore.dev";
import { api } from "encore.dev/api";
import { type AnySecret, type Secret, secret } from "encore.dev/config";
import log, {
  debug,
  error,
  type FieldsObject,
  type FieldValue,
  info,
  type Logger,
  LogLevel,
  trace,
  warn,
} from "encore.dev/log";
import { Counter, CounterGroup, Gauge, GaugeGroup, type MetricConfig } from "encore.dev/metrics";

const key: Secret<"PostKey"> = secret("PostKey");
const lengthOf = (any: AnySecret): number => any().length;

interface Labels {
  kind: string;
  urgent: boolean;
}

const unnamed: MetricConfig = {};
export const asked = new Counter("reference_asked");
export const askedBy = new CounterGroup<Labels>("reference_asked_by", unnamed);
export const depth = new Gauge("reference_depth");
export const free = new GaugeGroup<{ disk: string }>("reference_free");

interface Around {
  appId: string;
  environment: { name: string; type: string; cloud: string };
  apiBaseUrl: string;
  hasRevision: boolean;
  hosted: string[];
  request: {
    type: string;
    service: string;
    endpoint: string;
    method: string;
    path: string;
    pathAndQuery: string;
    tags: string[];
  };
  pathParams: Record<string, string>;
  header: string | undefined;
  payload: string;
  hasTrace: boolean;
  secretLength: number;
}

export const around = api(
  { method: "GET", path: "/around/:id", expose: true, tags: ["around"] },
  async ({ id, q }: { id: string; q?: string }): Promise<Around> => {
    const app: AppMeta = appMeta();
    const environment: EnvironmentMeta = app.environment;
    const [type, cloud]: [EnvironmentType, CloudProvider] = [environment.type, environment.cloud];
    const build: BuildMeta = app.build;
    const deploy: DeployMeta = app.deploy;
    const hosted: HostedService[] = Object.values(deploy.hostedServices);
    const base: BaseRequestMeta = currentRequest()!;
    const request = base as RequestMeta as APICallMeta;
    const spans: TraceData | undefined = base.trace;
    const desc: APIDesc = request.api;
    const method: Method = request.method;

    const fields: FieldsObject = { id, list: [1, true, null] satisfies FieldValue[], nested: { q } };
    const logger: Logger = log.with(fields).withLevel(LogLevel.Info);
    logger.info("around, with fields");
    for (const write of [trace, debug, info]) write("around, plain", { id });
    warn(new Error("careful"), "around, warned", { id });
    error("around, failed", fields);

    asked.increment();
    asked.ref().increment(2);
    askedBy.with({ kind: id, urgent: true }).increment();
    depth.set(7);
    free.with({ disk: "a" }).set(0.5);
    return {
      appId: app.appId,
      environment: { name: environment.name, type, cloud },
      apiBaseUrl: app.apiBaseUrl,
      hasRevision: typeof build.revision === "string" && typeof build.uncommittedChanges === "boolean",
      hosted: hosted.map(({ name }) => name).sort(),
      request: {
        type: request.type,
        service: desc.service,
        endpoint: desc.endpoint,
        method,
        path: request.path,
        pathAndQuery: request.pathAndQuery,
        tags: desc.tags,
      },
      pathParams: request.pathParams,
      header: String(request.headers["x-mark"]),
      payload: JSON.stringify(request.parsedPayload ?? q),
      hasTrace: /^[0-9a-f]{32}$/.test(spans?.traceId ?? ""),
      secretLength: lengthOf(key),
    };
  },
);
