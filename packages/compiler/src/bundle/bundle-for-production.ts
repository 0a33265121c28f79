// Bundles a service for production: everything comes in but the packages that have to stay folders. Which these are shows while
// bundling, so it is done again until nothing that must stay outside is inside.
import { type BundleOutcome, bundleService } from "./bundle-service.ts";
import type { BundleSettings } from "./bundle-settings.ts";
import { packageRootOf } from "./package-root.ts";
import { KeptPackages } from "./kept-packages.ts";
import { withPackages } from "./kept-specifier.ts";

export async function bundleForProduction(
  service: string,
  entry: string,
  settings: BundleSettings,
): Promise<BundleOutcome> {
  const kept = new KeptPackages(settings.appDir);
  // Of all passes: what made a package stay outside is not read in the last one.
  const inputs = new Set<string>();
  for (;;) {
    const outcome = await bundleService(service, entry, settings, [kept.plugin()]);
    if (!outcome.ok) return outcome;
    for (const input of outcome.bundle.inputs) inputs.add(input);
    if (kept.grow()) continue;
    const bundled = [...new Set(outcome.bundle.modules.flatMap((file) => packageRootOf(file) ?? []))];
    const code = withPackages(outcome.bundle.code, { kept: kept.folders, bundled: bundled.sort() });
    return { ok: true, bundle: { ...outcome.bundle, code, inputs: [...inputs].sort() } };
  }
}
