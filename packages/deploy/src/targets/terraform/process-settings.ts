// How a process of the app is run, in every cloud the same: arguments, ports, environment, and its infra.json, which travels in the environment
// because container services mount no files.
import { type Deployment, type Unit, usesTopics } from "../../deployment/deployment.ts";
import { type Json, type Places, unitInfra } from "../../deployment/unit-infra.ts";
import type { SettingValues } from "../../target.ts";
import { type Body, type Block, label, local, ref, resource } from "./blocks.ts";
import { keyVariable, messagesDatabase, passwordVariable } from "../../deployment/variables.ts";
import { databaseNames } from "./needed-secrets.ts";
import { revisionEnvironment } from "../revision.ts";

export const publicPort = 8080;
export const internalPort = 8081;
/** A stopping process may take so long; the cloud ends it a little later. */
export const shutdownSeconds = 20;
export const stopSeconds = 30;

export const healthPath = "/__tenon/healthz";
export const readyPath = "/__tenon/readyz";

/** Where things are in one cloud; the rest of infra.json is the same everywhere. */
export interface CloudPlaces {
  readonly cloud: "aws" | "gcp" | "azure";
  readonly publicUrl: string;
  /** Where processes are told to stop sooner than usual. */
  readonly shutdownSeconds?: number;
  internalUrl(unit: string): string;
  /** Whose identity tokens calls between processes carry; absent: none. */
  readonly callerIdentity?: "google";
  /** `host` and `tls_config`. */
  readonly databaseServer: Body;
  redis(cache: string): Body;
  /** The entry of `pubsub` of a process, where a broker of the cloud keeps the messages; absent: PostgreSQL does. */
  pubsub?(unit: string): Body;
  objectStorage(buckets: readonly string[]): Body;
}

/** `locals.infra_<unit>`, one for each process. */
export function infraLocals(deployment: Deployment, places: CloudPlaces): readonly Block[] {
  const all = placesOf(deployment.app, places);
  return deployment.units.map((unit) => local(infraName(unit), unitInfra(deployment, unit, all)));
}

export function startArguments({ kind, services }: Unit): readonly string[] {
  if (kind === "app") return ["start"];
  return kind === "gateway" ? ["start", "--gateway-only"] : ["start", "--services", services.join(","), "--no-gateway"];
}

export function migrateArguments({ services }: Unit): readonly string[] {
  return ["migrate", "--services", services.join(",")];
}

/** Units that own a database with something to migrate. */
export function migratingUnits({ databases, units }: Deployment): readonly Unit[] {
  const owners = databases.filter((one) => one.hasMigrations || one.needsOutbox).map(({ unit }) => unit);
  return units.filter(({ name }) => owners.includes(name));
}

/** Waits for all that runs before a version. Processes wait for this one thing, so that a service more changes none of the others. */
export function migratedBlock(deployment: Deployment): Block {
  const runs = migratingUnits(deployment).map(({ name }) => `terraform_data.migrate_${label(name)}`);
  return resource("terraform_data", "migrated", { depends_on: ["terraform_data.provision", ...runs] });
}

/** For `depends_on` of a process. */
export function migrationsNeeded(deployment: Deployment): readonly string[] {
  return databaseNames(deployment).length === 0 ? [] : ["terraform_data.migrated"];
}

/** Whether it uses the database server: databases of its own, or messages. */
export function usesDatabaseServer(deployment: Deployment, unit: string): boolean {
  return (
    usesTopics(deployment, unit) || deployment.edges.some(({ kind, from }) => kind === "database" && from === unit)
  );
}

/** What is no secret. */
export function environmentOf(unit: Unit, settings: SettingValues): Readonly<Record<string, string>> {
  const endpoint = settings["otlpEndpoint"];
  return {
    ...(typeof endpoint === "string" ? { OTEL_EXPORTER_OTLP_ENDPOINT: endpoint } : {}),
    TENON_INFRA: ref(`jsonencode(local.${infraName(unit)})`),
    TENON_INTERNAL_PORT: String(internalPort),
    ...revisionEnvironment(settings),
  };
}

/** Of the collector; undefined where there is none. */
export function telemetryPort(settings: SettingValues): number | undefined {
  const endpoint = settings["otlpEndpoint"];
  if (typeof endpoint !== "string") return undefined;
  const { port, protocol } = new URL(endpoint);
  return port === "" ? (protocol === "https:" ? 443 : 80) : Number(port);
}

/** The unit whose public door the world reaches. */
export function doorUnit({ units }: Deployment): Unit {
  return units.find(({ kind }) => kind !== "services")!;
}

function infraName({ name }: Unit): string {
  return `infra_${label(name)}`;
}

function placesOf(app: string, places: CloudPlaces): Places {
  const { cloud, databaseServer } = places;
  const account = (database: string): Body => ({
    username: database,
    password: { $env: passwordVariable(database) },
  });
  return {
    metadata: {
      app_id: app,
      env_name: ref("var.environment"),
      env_type: "production",
      cloud,
      base_url: places.publicUrl,
    },
    internalUrl: (unit) => places.internalUrl(unit),
    sqlServer: (database) => ({
      ...databaseServer,
      databases: { [database]: { name: database, ...account(database) } },
    }),
    pubsub: (unit) =>
      places.pubsub?.(unit) ?? {
        type: "postgres",
        ...databaseServer,
        name: messagesDatabase,
        ...account(messagesDatabase),
      },
    objectStorage: (buckets) => places.objectStorage(buckets),
    redis: (cache) => places.redis(cache),
    secret: (name): Json => ({ $env: name }),
    keyVariable,
    shutdownSeconds: places.shutdownSeconds ?? shutdownSeconds,
    ...(places.callerIdentity === undefined ? {} : { callerIdentity: places.callerIdentity }),
  };
}
