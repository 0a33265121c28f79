// Bundles the services of an app, each on its own, leaving out those that would come out the same as before.
import { join } from "node:path";
import type { Diagnostic } from "@tenon/model";
import type { DiscoveredSource } from "../analyze.ts";
import { emitServiceEntry } from "../emit/entries/service-entry.ts";
import type { FileHashes } from "../emit/files/file-hashes.ts";
import type { BundleCache, KnownBundle } from "./bundle-cache.ts";
import type { BundleOutcome, ServiceBundle } from "./bundle-service.ts";
import type { BundleSettings } from "./bundle-settings.ts";

export interface BundledServices {
  readonly bundles: ReadonlyMap<string, KnownBundle>;
  readonly diagnostics: readonly Diagnostic[];
}

export async function bundleServices(
  services: readonly DiscoveredSource[],
  settings: BundleSettings,
  cache: BundleCache,
  hashes: FileHashes,
): Promise<BundledServices> {
  const bundles = new Map<string, KnownBundle>();
  const diagnostics: Diagnostic[] = [];
  const startedAt = Date.now();
  await Promise.all(
    services.map(async (service) => {
      const entry = entryOf(service, settings.appDir);
      const make = () => bundle(service.name, entry, settings);
      const known = await cache.find(service.name, entry, hashes, async () => madeAgain(await make()));
      if (known !== null) {
        bundles.set(service.name, known);
        return;
      }
      const outcome = await make();
      if (outcome.ok) bundles.set(service.name, await cache.put(service.name, entry, outcome.bundle, startedAt));
      else diagnostics.push(...outcome.diagnostics);
    }),
  );
  await cache.save();
  return { bundles, diagnostics };
}

/** The bundler is loaded when there is something to bundle. */
async function bundle(service: string, entry: string, settings: BundleSettings): Promise<BundleOutcome> {
  if (settings.mode === "production") {
    const { bundleForProduction } = await import("./bundle-for-production.ts");
    return bundleForProduction(service, entry, settings);
  }
  const { bundleService } = await import("./bundle-service.ts");
  return bundleService(service, entry, settings);
}

function madeAgain(outcome: BundleOutcome): ServiceBundle {
  if (outcome.ok) return outcome.bundle;
  throw new Error(`a bundle was lost from .tenon/cache and cannot be made again: ${outcome.diagnostics[0]?.message}`);
}

function entryOf(service: DiscoveredSource, appDir: string): string {
  return emitServiceEntry({
    marker: service.marker === null ? null : join(appDir, service.marker),
    app: service.app === null ? null : join(appDir, service.app),
    endpoints: service.endpoints.map((endpoint) => ({ ...endpoint, file: join(appDir, endpoint.file) })),
    resources: service.resources.map((resource) => ({ ...resource, file: join(appDir, resource.file) })),
  });
}
