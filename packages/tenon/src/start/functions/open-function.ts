// Opens a build as a function of a platform: starts the services while the platform waits for the module to load, and gives its handlers.
import type { HostConfig } from "@tenon/runtime";
import {
  AzureFunction,
  type EventFunction,
  eventFunction,
  type FunctionHost,
  type HttpFunction,
  httpFunction,
  LambdaFunction,
  type LambdaStreaming,
  startFunctionHost,
} from "@tenon/runtime/functions";
import type { HostSettings } from "../host-settings.ts";

export interface FunctionPlatforms {
  readonly lambda: {
    readonly handler: LambdaFunction["handler"];
    /** undefined: the runtime that has loaded this cannot stream. */
    readonly streamHandler: unknown;
  };
  readonly gcf: { readonly http: HttpFunction; readonly events: EventFunction };
  readonly azure: AzureFunction;
}
export type FunctionPlatform = keyof FunctionPlatforms;
export type FunctionOf<Platform extends FunctionPlatform> = FunctionPlatforms[Platform];

type Environment = Readonly<Record<string, string | undefined>>;

/** Many instances share one server, and each of them serves a request at a time or a few. */
const MAX_CONNECTIONS = 2;
const STOP_MS = 1_500;

/** Rejects with what keeps the services from starting: the platform then tries again with the next request. */
export async function openFunction<Platform extends FunctionPlatform>(
  platform: Platform,
  settings: HostSettings,
  isPublic: boolean,
  environment: Environment,
): Promise<FunctionOf<Platform>> {
  const host = await startFunctionHost(forFunction(settings), isPublic);
  process.once("SIGTERM", () => void host.close(STOP_MS).finally(() => process.exit(0)));
  return openers[platform](host, environment) as FunctionOf<Platform>;
}

const openers: {
  readonly [Platform in FunctionPlatform]: (host: FunctionHost, environment: Environment) => FunctionOf<Platform>;
} = {
  lambda(host, environment) {
    const { TENON_QUEUES: queues, TENON_BASE_PATH: basePath } = environment;
    const lambda = new LambdaFunction(host, { queues, basePath });
    const { awslambda: streaming } = globalThis as { awslambda?: LambdaStreaming };
    return {
      handler: lambda.handler,
      streamHandler: streaming?.streamifyResponse(lambda.streamHandler(streaming)),
    };
  },
  gcf(host, environment) {
    const seconds = Number(environment["TENON_FUNCTION_TIMEOUT"] ?? environment["CLOUD_RUN_TIMEOUT_SECONDS"] ?? "");
    const timeoutMs = seconds > 0 ? seconds * 1000 : undefined;
    const ready = Promise.resolve(host);
    return { http: httpFunction(ready, timeoutMs), events: eventFunction(ready, environment["TENON_QUEUES"]) };
  },
  azure: (host) => new AzureFunction(Promise.resolve(host)),
};

/** Metrics are exported by the clock, which stands still between requests. */
function forFunction(settings: HostSettings): HostSettings {
  const databases = Object.entries(settings.databases).map(
    ([name, database]): [string, HostConfig["databases"][string]] => [
      name,
      { ...database, maxConnections: database.maxConnections ?? MAX_CONNECTIONS },
    ],
  );
  return {
    ...settings,
    databases: Object.fromEntries(databases),
    telemetry: { ...settings.telemetry, metricsIntervalMs: null },
  };
}
