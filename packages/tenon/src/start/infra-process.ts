// What infra.json says of the process itself: what it hosts, how it ends, how many workers serve, how much it logs.
import { isLogLevel, type LogLevel } from "@tenon/runtime";
import type { Infra } from "./infra.ts";
import type { InfraValues, Settings } from "./infra-values.ts";

type ProcessSettings = Pick<
  Infra,
  "hostedServices" | "hostedGateways" | "shutdownTimeoutMs" | "shutdownReserves" | "workers" | "logLevel"
>;

export function readProcess(root: Settings, values: InfraValues): ProcessSettings {
  const services = root["hosted_services"];
  const gateways = root["hosted_gateways"];
  if (root["used_metrics"] !== undefined)
    values.notices.push(`"used_metrics" is written by a build of Encore.ts; Tenon knows it from the app's code`);
  return {
    ...(services === undefined ? {} : { hostedServices: values.names(services, "hosted_services") }),
    ...(gateways === undefined ? {} : { hostedGateways: values.names(gateways, "hosted_gateways") }),
    ...readShutdown(root["graceful_shutdown"], values),
    ...readWorkers(root["worker_threads"], values),
    ...readLogLevel(root["log_config"], values),
  };
}

function readShutdown(value: unknown, values: InfraValues): Pick<Infra, "shutdownTimeoutMs" | "shutdownReserves"> {
  if (value === undefined) return { shutdownTimeoutMs: undefined };
  const at = "graceful_shutdown";
  const shutdown = values.object(value, at);
  values.only(shutdown, ["total", "shutdown_hooks", "handlers"], at);
  const [total, hooks, handlers] = ["total", "shutdown_hooks", "handlers"].map((key) =>
    values.seconds(shutdown[key], `${at}.${key}`),
  );
  for (const [key, seconds] of Object.entries({ shutdown_hooks: hooks, handlers })) {
    if (seconds !== undefined && total !== undefined && seconds > total)
      values.problems.push(`${at}.${key} (${seconds}) must not be more than total (${total}): it is a part of it`);
  }
  const reserves = {
    ...(handlers === undefined ? {} : { handlersMs: handlers * 1000 }),
    ...(hooks === undefined ? {} : { hooksMs: hooks * 1000 }),
  };
  return {
    shutdownTimeoutMs: total === undefined ? undefined : total * 1000,
    ...(Object.keys(reserves).length === 0 ? {} : { shutdownReserves: reserves }),
  };
}

/** 0: as many as there are cores. */
function readWorkers(value: unknown, values: InfraValues): Pick<Infra, "workers"> {
  const count = values.count(value, 0, "worker_threads");
  return count === undefined ? {} : { workers: count === 0 ? "cores" : count };
}

/** A list of filters, "info,some_module=debug"; the one without a module is the level. */
function readLogLevel(value: unknown, values: InfraValues): { readonly logLevel?: LogLevel } {
  if (value === undefined) return {};
  const filters = (typeof value === "string" ? value : "").split(",").map((filter) => filter.trim().toLowerCase());
  const level = filters.find(isLogLevel);
  const others = filters.filter((filter) => filter !== level && filter !== "");
  if (level === undefined) {
    values.problems.push(`log_config must be trace, debug, info, warn or error, got ${JSON.stringify(value)}`);
    return {};
  }
  if (others.length > 0)
    values.notices.push(
      `log_config: "${others.join(",")}" is for modules of Encore's runtime; "${level}" counts for all`,
    );
  return { logLevel: level };
}
