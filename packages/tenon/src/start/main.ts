// What `main.js` of a production build runs: starts all or some of its services, or applies their migrations. Bundled with the build, it needs
// nothing installed; `tenon start` and `tenon migrate` run the very same file.
import { randomBytes } from "node:crypto";
import { realpathSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import type { Graph } from "@tenon/model";
import { applyMigrations, type HostConfig, pendingMigrations, startHost, telemetryConfigFromEnv } from "@tenon/runtime";
import { type Infra, noInfra, readInfra } from "./infra.ts";
import { findRequirements, type Requirements } from "./requirements.ts";

/** Wrong usage of `main.js`; `tenon start` checks the same before. */
export class StartError extends Error {
  readonly code: string;
  readonly hint: string | undefined;

  constructor(code: string, message: string, hint?: string) {
    super(message);
    this.code = code;
    this.hint = hint;
  }
}

/** This module is `runtime/main.js` of the build. */
const buildDir = dirname(dirname(fileURLToPath(import.meta.url)));

/** `start [--services a,b] [--port P] [--infra FILE]` or `migrate [--services a,b] [--infra FILE]`. */
export async function main(args: readonly string[]): Promise<void> {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: { services: { type: "string" }, port: { type: "string" }, infra: { type: "string" } },
  });
  const verb = positionals[0] ?? "start";
  if (verb !== "start" && verb !== "migrate")
    throw new StartError("unknown_verb", `there is no "${verb}"; use start or migrate`);
  const environment = process.env;
  const graph = JSON.parse(await readFile(join(buildDir, "app.json"), "utf8")) as Graph;
  const infraFile = values.infra ?? environment["TENON_INFRA"] ?? environment["ENCORE_INFRA_CONFIG_PATH"];
  const infra = infraFile === undefined ? noInfra : await readInfra(infraFile, environment);
  const hosted = hostedServices(graph, values.services);
  if (verb === "migrate") return migrate(graph, hosted, infra);
  return start(graph, hosted, infra, Number(values.port ?? environment["PORT"] ?? 8080));
}

function hostedServices(graph: Graph, list: string | undefined): string[] {
  const all = graph.services.map((service) => service.name);
  if (list === undefined) return all;
  const wanted = list.split(",").map((name) => name.trim());
  const unknown = wanted.filter((name) => !all.includes(name));
  if (unknown.length > 0) {
    throw new StartError(
      "unknown_service",
      `this build has no service "${unknown.join('", "')}"`,
      `It has: ${all.join(", ")}.`,
    );
  }
  return all.filter((name) => wanted.includes(name));
}

/** The databases whose owner is hosted, with their place and the build's copy of their migrations. */
function migrationsOf(graph: Graph, hosted: readonly string[], databases: Requirements["databases"]) {
  return graph.databases
    .filter((database) => hosted.includes(database.service) && database.migrations !== undefined)
    .flatMap((database) => {
      const config = databases[database.name];
      const folder = join(buildDir, "migrations", database.name);
      return config === undefined
        ? []
        : [{ database: database.name, connectionString: config.connectionString, folder }];
    });
}

async function migrate(graph: Graph, hosted: readonly string[], infra: Infra): Promise<void> {
  const { databases } = findRequirements(graph, hosted, infra, process.env);
  for (const migration of migrationsOf(graph, hosted, databases)) {
    const { applied, total } = await applyMigrations(migration);
    const what = applied.length === 0 ? "up to date" : `applied ${applied.join(", ")}`;
    process.stdout.write(`${migration.database}: ${what} (${total} in all)\n`);
  }
}

async function start(graph: Graph, hosted: readonly string[], infra: Infra, port: number): Promise<void> {
  const requirements = findRequirements(graph, hosted, infra, process.env);
  for (const migration of migrationsOf(graph, hosted, requirements.databases)) {
    const pending = await pendingMigrations(migration);
    if (pending.length === 0) continue;
    throw new StartError(
      "migrations_pending",
      `database "${migration.database}" lacks ${pending.join(", ")}`,
      "Run `tenon migrate` (or `node main.js migrate`) before starting.",
    );
  }
  const whole = hosted.length === graph.services.length;
  const config: HostConfig = {
    buildDir,
    services: hosted,
    gateway: { host: "0.0.0.0", port },
    internal: whole
      ? null
      : { host: "0.0.0.0", port: Number(process.env["TENON_INTERNAL_PORT"] ?? (port === 0 ? 0 : port + 1)) },
    credential: infra.credential ?? randomBytes(32).toString("base64url"),
    ...requirements,
    telemetry: { otlpEndpoint: null, sample: 1, flushIntervalMs: 1000, ...telemetryConfigFromEnv(process.env) },
    development: false,
  };
  const host = await startHost(config);
  const ended = new Promise<void>((resolve) => {
    for (const signal of ["SIGTERM", "SIGINT"] as const) process.on(signal, () => resolve());
  });
  const addresses = [host.gatewayAddress, host.internalAddress].filter(
    (address) => address !== null && address !== undefined,
  );
  process.stdout.write(`${JSON.stringify({ level: "info", message: "started", services: hosted, addresses })}\n`);
  await ended;
  await host.close({ timeoutMs: infra.shutdownTimeoutMs ?? 5000 });
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
