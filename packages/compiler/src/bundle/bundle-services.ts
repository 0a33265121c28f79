// Bundles the services of an app, each on its own, leaving out those that would come out the same as before.
import { join } from "node:path";
import type { Diagnostic } from "@tenon/model";
import type { DiscoveredSource } from "../analyze.ts";
import { emitServiceEntry } from "../emit/entries/service-entry.ts";
import { createFileHashes } from "../emit/files/file-hashes.ts";
import type { BundleCache } from "./bundle-cache.ts";
import { bundleService, type ServiceBundle } from "./bundle-service.ts";
import type { BundleSettings } from "./bundle-settings.ts";

export interface BundledServices {
  readonly bundles: ReadonlyMap<string, ServiceBundle>;
  readonly diagnostics: readonly Diagnostic[];
}

export async function bundleServices(
  services: readonly DiscoveredSource[],
  settings: BundleSettings,
  cache: BundleCache,
): Promise<BundledServices> {
  const bundles = new Map<string, ServiceBundle>();
  const diagnostics: Diagnostic[] = [];
  const hashes = createFileHashes();
  const startedAt = Date.now();
  await Promise.all(
    services.map(async (service) => {
      const entry = entryOf(service, settings.appDir);
      const known = await cache.find(service.name, entry, hashes);
      if (known !== null) {
        bundles.set(service.name, known);
        return;
      }
      const outcome = await bundleService(service.name, entry, settings);
      if (outcome.ok) {
        bundles.set(service.name, outcome.bundle);
        await cache.put(service.name, entry, outcome.bundle, hashes, startedAt);
      } else diagnostics.push(...outcome.diagnostics);
    }),
  );
  return { bundles, diagnostics };
}

function entryOf(service: DiscoveredSource, appDir: string): string {
  return emitServiceEntry({
    marker: service.marker === null ? null : join(appDir, service.marker),
    endpoints: service.endpoints.map((endpoint) => ({ ...endpoint, file: join(appDir, endpoint.file) })),
  });
}
