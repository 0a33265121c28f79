// The containers of the app's own: one for each unit, and one for each unit that has migrations to run before.
import { calledUnits, type Deployment, edgesOf, type Unit } from "../../deployment/deployment.ts";
import { type ComposeService, confined, type DependencyCondition, healthcheck, withDefault } from "./compose-file.ts";
import {
  bucketsJob,
  collector,
  databasesJob,
  enginesOf,
  keepsMessages,
  migrateJob,
  migratingUnits,
  objects,
  postgres,
} from "./engines.ts";
import { type Link, networkOf, networksOf } from "./networks.ts";
import type { ComposeSettings } from "./settings.ts";
import { unitEnvironment } from "./variables.ts";

/** Node is what every image has; the internal door answers this to everyone. */
const readyProbe =
  "fetch('http://127.0.0.1:8081/__tenon/readyz').then(({ ok }) => process.exit(ok ? 0 : 1), () => process.exit(1))";

export function unitService(
  deployment: Deployment,
  unit: Unit,
  links: readonly Link[],
  settings: ComposeSettings,
): ComposeService {
  return {
    image: imageOf(deployment, unit, settings),
    command: ["start", ...unitArguments(unit)],
    environment: unitEnvironment(deployment, unit, settings),
    volumes: [infraMount(unit)],
    ...(unit.kind === "services" ? {} : { ports: [`${withDefault("PUBLIC_PORT", settings.port)}:8080`] }),
    networks: networksOf(unit.name, links, true),
    depends_on: dependencies(deployment, unit, settings),
    healthcheck: healthcheck(["CMD", "node", "-e", readyProbe]),
    restart: "unless-stopped",
    // Longer than the process gives itself, so that it is never cut off while it finishes.
    stop_grace_period: `${settings.shutdownSeconds + 5}s`,
    ...confined,
  };
}

/** It has what its unit has, and ends. */
export function migrateService(deployment: Deployment, unit: Unit, settings: ComposeSettings): ComposeService {
  const { PORT: _port, TENON_INTERNAL_PORT: _internal, ...environment } = unitEnvironment(deployment, unit, settings);
  return {
    image: imageOf(deployment, unit, settings),
    command: ["migrate", ...unitArguments(unit)],
    environment,
    volumes: [infraMount(unit)],
    networks: [networkOf({ from: unit.name, to: postgres })],
    depends_on: { [databasesJob]: { condition: "service_completed_successfully" } },
    restart: "no",
    ...confined,
  };
}

function imageOf({ app }: Deployment, { name }: Unit, settings: ComposeSettings): string {
  const { imagePrefix = app, perUnitImages, tag } = settings;
  return `${imagePrefix}/${perUnitImages ? name : app}:${withDefault("TAG", tag)}`;
}

function unitArguments({ kind, services }: Unit): readonly string[] {
  if (kind === "app") return [];
  return kind === "gateway" ? ["--gateway-only"] : ["--services", services.join(","), "--no-gateway"];
}

function infraMount({ name }: Unit): string {
  return `./infra/${name}.json:/etc/tenon/infra.json:ro`;
}

function dependencies(
  deployment: Deployment,
  unit: Unit,
  settings: ComposeSettings,
): Record<string, { condition: DependencyCondition }> {
  const engines = enginesOf(deployment, unit, settings);
  const done: string[] = migrationsFor(deployment, unit).map(migrateJob);
  const isWithMessages = keepsMessages(deployment, settings) && engines.includes(postgres);
  if (isWithMessages || (engines.includes(postgres) && done.length === 0)) done.push(databasesJob);
  if (engines.includes(objects)) done.push(bucketsJob);
  // Nobody waits for the collector: it has no probe, and spans that find it away are sent again.
  const healthy = engines.filter((engine) => engine !== collector);
  const callees = calledUnits(deployment, unit.name).filter((to) => !canReach(deployment, to, unit.name));
  return Object.fromEntries(
    [
      ...[...healthy, ...callees].map((name) => [name, { condition: "service_healthy" as const }] as const),
      ...done.map((name) => [name, { condition: "service_completed_successfully" as const }] as const),
    ].sort(([a], [b]) => (a < b ? -1 : 1)),
  );
}

/** Units whose migrations change a database that this one uses. */
function migrationsFor(deployment: Deployment, { name }: Unit): string[] {
  const used = new Set(edgesOf(deployment, name, "database").map(({ database }) => database));
  const owners = new Set(deployment.databases.filter((one) => used.has(one.name)).map(({ unit }) => unit));
  return migratingUnits(deployment).filter((unit) => owners.has(unit));
}

/** Of units that call each other in a circle none can wait for the next. */
function canReach(deployment: Deployment, from: string, to: string): boolean {
  const seen = new Set([from]);
  for (const unit of seen) {
    if (unit === to) return true;
    for (const next of calledUnits(deployment, unit)) seen.add(next);
  }
  return false;
}
