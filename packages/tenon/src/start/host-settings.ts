// What a process of a build is told of itself, whatever its doors are: from the graph, infra.json, the environment and the build's own files.
import { join } from "node:path";
import type { Graph } from "@tenon/model";
import { type ConfigFile, type HostConfig, log, type PlaceMeta, telemetryConfigFromEnv } from "@tenon/runtime";
import type { Hosting } from "./hosting.ts";
import type { Infra } from "./infra.ts";
import { placeMeta } from "./place-meta.ts";
import { findRequirements, type Requirements } from "./requirements.ts";
import { StartError } from "./start-error.ts";

export type HostSettings = Omit<HostConfig, "gateway" | "internal">;

/** `shared`: what all workers of an app have in common. Throws RequirementsError, StartError `migrations_pending`. */
export async function hostSettings(
  buildDir: string,
  graph: Graph,
  hosting: Hosting,
  infra: Infra,
  shared?: { readonly deployId: string; readonly credential: string },
): Promise<HostSettings> {
  const requirements = await requirementsOf(buildDir, graph, hosting, infra);
  await refusePending(buildDir, graph, hosting, requirements);
  for (const notice of infra.notices ?? []) log.warn(`infra.json: ${notice}`);
  const meta = placeMeta(buildDir, infra, process.env, shared?.deployId);
  return {
    buildDir,
    services: hosting.services,
    credential: infra.credential ?? shared?.credential ?? randomCredential(),
    ...(infra.otherCredentials === undefined ? {} : { otherCredentials: infra.otherCredentials }),
    ...requirements,
    remotes: await reachable(requirements.remotes, infra),
    ...(infra.cors === undefined ? {} : { cors: infra.cors }),
    ...(infra.logLevel === undefined ? {} : { logLevel: infra.logLevel }),
    meta,
    configFiles: await configFilesOf(buildDir, graph, meta),
    telemetry: {
      otlpEndpoint: null,
      sample: 1,
      flushIntervalMs: 1000,
      ...telemetryConfigFromEnv(process.env),
      ...(infra.metricsPush === undefined ? {} : { metricsPush: infra.metricsPush }),
    },
    development: false,
  };
}

/** What opens TLS is loaded where an address asks for it. */
async function reachable(
  remotes: HostConfig["remotes"],
  { identityTokens = [] }: Infra,
): Promise<HostConfig["remotes"]> {
  if (!Object.values(remotes).some((address) => address.startsWith("https://"))) return remotes;
  const { secureRemotes } = await import("./secure-remotes.ts");
  return secureRemotes(remotes, { identityTokens: new Set(identityTokens), environment: process.env });
}

/** The databases that hosted services use, with their place and the build's copy of their migrations. */
export function migrationsOf(
  buildDir: string,
  graph: Graph,
  { services }: Hosting,
  databases: Requirements["databases"],
) {
  const used = new Set(
    graph.services.filter(({ name }) => services.includes(name)).flatMap((service) => service.databases),
  );
  return graph.databases.flatMap(({ name, migrations, migrationSource: source }) => {
    const config = databases[name];
    if (!used.has(name) || migrations === undefined || config === undefined) return [];
    const folder = join(buildDir, migrations);
    return [{ database: name, connectionString: config.connectionString, folder, source }];
  });
}

async function requirementsOf(buildDir: string, graph: Graph, hosting: Hosting, infra: Infra): Promise<Requirements> {
  const secrets = graph.secrets.length === 0 ? undefined : await readSecrets(buildDir, graph);
  return findRequirements(graph, hosting, infra, process.env, secrets);
}

/** From files, and from those that the build carries. */
async function readSecrets(buildDir: string, { secrets }: Graph) {
  const [{ readMountedSecrets }, { readEncryptedSecrets }] = await Promise.all([
    import("../secrets/mounted-secrets.ts"),
    import("../secrets/encrypted-file.ts"),
  ]);
  const names = secrets.map(({ name }) => name);
  const [mounted, encrypted] = await Promise.all([
    readMountedSecrets(names, process.env),
    readEncryptedSecrets(buildDir, process.env),
  ]);
  return { mounted, encrypted: encrypted.values };
}

/** Of all services; what reads them is loaded where there are any. */
async function configFilesOf(buildDir: string, graph: Graph, { environment }: PlaceMeta): Promise<ConfigFile[]> {
  if (graph.services.every(({ config }) => config === undefined)) return [];
  const { readConfigFiles } = await import("../config-files.ts");
  return readConfigFiles(join(buildDir, "config"), graph, environment.name);
}

/** Of a process that no other one of the app calls. */
function randomCredential(): string {
  return Buffer.from(crypto.getRandomValues(new Uint8Array(32))).toString("base64url");
}

/** Serving against tables that the code does not know fails later and worse. */
async function refusePending(
  buildDir: string,
  graph: Graph,
  hosting: Hosting,
  requirements: Requirements,
): Promise<void> {
  const migrations = migrationsOf(buildDir, graph, hosting, requirements.databases);
  if (migrations.length === 0) return;
  const { pendingMigrations } = await import("@tenon/runtime/migrations");
  for (const migration of migrations) {
    const pending = await pendingMigrations(migration);
    if (pending.length === 0) continue;
    throw new StartError(
      "migrations_pending",
      `database "${migration.database}" lacks ${pending.join(", ")}`,
      "Run `tenon migrate` (or `node main.js migrate`) before starting.",
    );
  }
}
