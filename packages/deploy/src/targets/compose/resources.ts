// Deployment -> the Compose file as a plain object.
import type { Deployment } from "../../deployment/deployment.ts";
import type { ComposeFile, ComposeService } from "./compose-file.ts";
import { engineServices } from "./engine-services.ts";
import { migrateJob, migratingUnits, refuseSharedNames } from "./engines.ts";
import { linksOf, networks } from "./networks.ts";
import type { ComposeSettings } from "./settings.ts";
import { migrateService, unitService } from "./unit-services.ts";

/** Throws DeployError `name_not_deployable`, `setting_invalid`. */
export function resources(deployment: Deployment, settings: ComposeSettings): ComposeFile {
  refuseSharedNames(deployment, settings);
  const links = linksOf(deployment, settings);
  const migrating = deployment.units.filter(({ name }) => migratingUnits(deployment).includes(name));
  const services: Record<string, ComposeService> = {
    ...Object.fromEntries(deployment.units.map((unit) => [unit.name, unitService(deployment, unit, links, settings)])),
    ...Object.fromEntries(migrating.map((unit) => [migrateJob(unit.name), migrateService(deployment, unit, settings)])),
    ...engineServices(deployment, links, settings),
  };
  const volumes = volumesOf(services);
  return {
    name: deployment.app,
    services,
    networks: networks(deployment, links, settings),
    ...(volumes.length === 0 ? {} : { volumes: Object.fromEntries(volumes.map((name) => [name, {}])) }),
  };
}

/** Mounts that do not begin with a path of the host. */
function volumesOf(services: Readonly<Record<string, ComposeService>>): string[] {
  const sources = Object.values(services).flatMap(({ volumes = [] }) => volumes.map((mount) => mount.split(":")[0]!));
  return [...new Set(sources.filter((source) => !source.startsWith(".")))].sort();
}
