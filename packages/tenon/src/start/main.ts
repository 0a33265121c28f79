// What `main.js` of a production build runs: starts all or some of its services, or applies their migrations. Bundled with the build, it needs
// nothing installed; `tenon start` and `tenon migrate` run the very same file.
import { existsSync, readFileSync, realpathSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { type Graph, needsOutbox } from "@tenon/model";
import { flushTelemetry, type Host, type HostConfig, log, startHost } from "@tenon/runtime";
import type { FunctionOf, FunctionPlatform } from "./functions/open-function.ts";
import { hostSettings, migrationsOf } from "./host-settings.ts";
import { type Hosting, hostsAllServices, readHosting } from "./hosting.ts";
import type { Infra } from "./infra.ts";
import type { MigrateOptions } from "./migrate.ts";
import { noInfra } from "./no-infra.ts";
import { keepPublicDoor, type PublicDoor, readPublicDoor } from "./public-door.ts";
import { findDatabases } from "./requirements.ts";
import { StartError } from "./start-error.ts";
import { startedFields } from "./started-fields.ts";
import { stopSignal } from "./stop-signal.ts";
import type { Membership } from "./workers/join-supervisor.ts";
import { WORKER_VARIABLE } from "./workers/messages.ts";
import { workerCount } from "./workers/worker-count.ts";

/** This module is `runtime/main.js` of the build. */
const buildDir = dirname(dirname(fileURLToPath(import.meta.url)));

/** `start [--services a,b] [--gateway-only | --no-gateway] [--port P] [--infra FILE] [--workers N]` or `migrate [--services a,b] [--infra FILE] [--check | --dry-run] ...`. */
export async function main(args: readonly string[]): Promise<void> {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: {
      services: { type: "string" },
      "gateway-only": { type: "boolean" },
      "no-gateway": { type: "boolean" },
      port: { type: "string" },
      infra: { type: "string" },
      workers: { type: "string" },
      "tls-cert": { type: "string" },
      "tls-key": { type: "string" },
      "redirect-port": { type: "string" },
      check: { type: "boolean" },
      "dry-run": { type: "boolean" },
      json: { type: "boolean" },
      "lock-timeout": { type: "string" },
    },
  });
  const verb = positionals[0] ?? "start";
  if (verb !== "start" && verb !== "migrate")
    throw new StartError("unknown_verb", `there is no "${verb}"; use start or migrate`);
  const environment = process.env;
  const graph = JSON.parse(readFileSync(join(buildDir, "app.json"), "utf8")) as Graph;
  const infraFile = values.infra ?? environment["TENON_INFRA"] ?? environment["ENCORE_INFRA_CONFIG_PATH"];
  const infra = infraFile === undefined ? noInfra : await readInfraFile(infraFile, environment);
  const { services, "gateway-only": gatewayOnly, "no-gateway": noGateway } = values;
  const hosting = readHosting(graph, { services, gatewayOnly, noGateway }, infra);
  if (verb === "migrate") return migrate(graph, hosting, infra, migrateOptions(values));
  const ports = readPorts(values.port, environment);
  if (environment[WORKER_VARIABLE] !== undefined) {
    const { joinSupervisor } = await import("./workers/join-supervisor.ts");
    const membership = await joinSupervisor();
    if (membership !== undefined) {
      const door = await readPublicDoor(values, ports.api, environment, process.ppid);
      return start(graph, hosting, infra, ports, door, membership);
    }
  }
  const count = workerCount({
    option: values.workers,
    variable: environment["TENON_WORKERS"],
    infra: infra.workers,
    app: graph.app.workers,
  });
  if (count > 1) return supervise(count, args);
  return start(graph, hosting, infra, ports, await readPublicDoor(values, ports.api, environment, process.pid));
}

/** Resolves when all workers have ended. Throws StartError `no_worker`, having told why. */
async function supervise(count: number, args: readonly string[]): Promise<void> {
  const { superviseWorkers } = await import("./workers/supervise-workers.ts");
  const stopped = stopSignal(() => true);
  if (await superviseWorkers({ count, file: join(buildDir, "main.js"), args }, stopped)) return;
  throw new StartError(
    "no_worker",
    "the workers could not start, or could not end well",
    "What they said stands above.",
  );
}

async function readInfraFile(file: string, environment: NodeJS.ProcessEnv): Promise<Infra> {
  const { readInfra } = await import("./infra.ts");
  return readInfra(file, environment);
}

type MigrateValues = { check?: boolean; "dry-run"?: boolean; json?: boolean; "lock-timeout"?: string };

function migrateOptions(values: MigrateValues): MigrateOptions {
  const seconds = values["lock-timeout"];
  if (seconds !== undefined && !/^\d{1,6}$/.test(seconds))
    throw new StartError("invalid_lock_timeout", `--lock-timeout must be a whole number of seconds, got "${seconds}"`);
  return {
    check: values.check === true,
    dryRun: values["dry-run"] === true,
    json: values.json === true,
    lockTimeoutMs: seconds === undefined || Number(seconds) === 0 ? undefined : Number(seconds) * 1000,
  };
}

interface Ports {
  readonly api: number;
  /** For the other processes of the app, and for metrics: a port, or a unix socket for those on the same machine. */
  readonly internal: NonNullable<HostConfig["internal"]>;
  /** Somebody asked for it; otherwise it is opened when this process hosts only some services. */
  readonly hasInternal: boolean;
}

function readPorts(option: string | undefined, environment: NodeJS.ProcessEnv): Ports {
  const api = option === undefined ? portOf("PORT", environment["PORT"] ?? "8080") : portOf("--port", option);
  const next = String(api === 0 ? 0 : api + 1);
  const socketPath = environment["TENON_INTERNAL_SOCKET"] ?? "";
  const mode = environment["TENON_INTERNAL_SOCKET_MODE"] ?? "0600";
  if (!/^0?[0-7]{3}$/.test(mode))
    throw new StartError(
      "invalid_mode",
      `TENON_INTERNAL_SOCKET_MODE must be three octal digits, as 0660, got "${mode}"`,
    );
  if (socketPath !== "") return { api, internal: { socketPath, mode: Number.parseInt(mode, 8) }, hasInternal: true };
  const internal = environment["TENON_INTERNAL_PORT"];
  const port = portOf("TENON_INTERNAL_PORT", internal ?? next);
  return { api, internal: { host: "0.0.0.0", port }, hasInternal: internal !== undefined };
}

function portOf(name: string, text: string): number {
  const port = /^\d{1,5}$/.test(text) ? Number(text) : Number.NaN;
  if (port <= 65_535) return port;
  throw new StartError("invalid_port", `${name} must be a port from 0 to 65535, got "${text}"`);
}

async function migrate(graph: Graph, hosting: Hosting, infra: Infra, options: MigrateOptions): Promise<void> {
  const databases = findDatabases(graph, hosting, infra, process.env);
  const places = migrationsOf(buildDir, graph, hosting, databases);
  if (places.length > 0) {
    const { migrateDatabases } = await import("./migrate.ts");
    await migrateDatabases(places, options);
  }
  const outboxes = Object.keys(databases).filter((name) => needsOutbox(graph, name));
  if (outboxes.length === 0) return;
  const { migrateOutboxes } = await import("./migrate-outboxes.ts");
  const outboxPlaces = outboxes.map((database) => ({
    database,
    connectionString: databases[database]!.connectionString,
  }));
  await migrateOutboxes(outboxPlaces, options);
}

/** `membership`: this is one of several workers. */
async function start(
  graph: Graph,
  hosting: Hosting,
  infra: Infra,
  ports: Ports,
  door: PublicDoor,
  membership?: Membership,
): Promise<void> {
  // First of all: as the first process of a container it would not get the signal at all otherwise.
  let host: Host | undefined;
  const stopped = stopSignal(() => host !== undefined, membership?.stopped);
  endOnUnknownState();
  const settings = await hostSettings(buildDir, graph, hosting, infra, membership?.shared);
  const { services, hasGateway } = hosting;
  const isWhole = hasGateway && hostsAllServices(graph, hosting);
  const config: HostConfig = {
    ...settings,
    gateway: hasGateway ? door.address : null,
    // All in one process, nobody but a collector of metrics has a reason to come in by this door.
    internal: isWhole && !ports.hasInternal ? null : ports.internal,
  };
  if (config.cron?.kind === "memory" && (membership === undefined || membership.siblings.worker === 1)) {
    log.warn("cron jobs are not coordinated: without a database, several replicas of this process would each run them");
  }
  host = await startHost(config, membership?.siblings);
  const closeDoor = await keepPublicDoor(door, host, membership !== undefined);
  const { gatewayAddress: gateway, internalAddress: internal } = host;
  const timeoutMs = infra.shutdownTimeoutMs ?? 5000;
  if (membership !== undefined) {
    log.info("worker started", { pid: process.pid });
    membership.ready({ services, gateway, internal, shutdownTimeoutMs: timeoutMs });
  } else log.info("started", startedFields({ services, gateway, internal }));
  const signal = await stopped;
  log.info(membership === undefined ? "stopping" : "worker stopping", { signal });
  const { handlersMs, hooksMs } = infra.shutdownReserves ?? {};
  const closing = host.close({
    timeoutMs,
    ...(handlersMs === undefined ? {} : { handlersReserveMs: handlersMs }),
    ...(hooksMs === undefined ? {} : { hooksReserveMs: hooksMs }),
  });
  await Promise.all([closing, closeDoor()]);
  await membership?.leave();
}

/** After an error that nobody caught, the state of the process is unknown: it says so in the log and ends, to be started again. */
function endOnUnknownState(): void {
  process.on("uncaughtException", (error, origin) => {
    log.error(
      error,
      origin === "unhandledRejection" ? "a promise was rejected and nobody handled it" : "uncaught error",
    );
    void flushTelemetry().finally(() => process.exit(1));
  });
}

/**
 * For the entry of a function, whose platform loads this module: hosts what the build has. Gives what that platform asks for. infra.json may
 * lie in the build.
 */
export async function createFunction<Platform extends FunctionPlatform>(
  platform: Platform,
): Promise<FunctionOf<Platform>> {
  const environment = process.env;
  const graph = JSON.parse(readFileSync(join(buildDir, "app.json"), "utf8")) as Graph;
  const carried = join(buildDir, "infra.json");
  const infraFile = environment["TENON_INFRA"] ?? (existsSync(carried) ? carried : undefined);
  const infra = infraFile === undefined ? noInfra : await readInfraFile(infraFile, environment);
  const hosting = readHosting(graph, {}, infra);
  const { openFunction } = await import("./functions/open-function.ts");
  const settings = await hostSettings(buildDir, graph, hosting, infra);
  return openFunction(platform, settings, hosting.hasGateway, environment);
}

if (process.argv[1] !== undefined && realpathSync(process.argv[1]) === join(buildDir, "main.js")) {
  process.setSourceMapsEnabled(true);
  try {
    await main(process.argv.slice(2));
    process.exit(0);
  } catch (error) {
    const failure = error as Error & { code?: string; hint?: string };
    process.stderr.write(
      `error ${failure.code ?? "start_failed"}: ${failure.message}\n${failure.hint ? `  ${failure.hint}\n` : ""}`,
    );
    process.exit(1);
  }
}
