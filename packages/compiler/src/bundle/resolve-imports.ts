// The plugin that decides where an import of user code leads: to the framework, to the generated clients, to an installed package,
// or into the bundle. Every hook has a filter, so that the many relative imports never leave the native resolver.
import { existsSync } from "node:fs";
import { isBuiltin } from "node:module";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import type { Plugin, ResolveIdResult } from "rolldown";
import { clientsOfBuilds } from "../emit/clients/client-modules.ts";
import { canonicalSpecifier } from "../aliases.ts";
import type { BundleSettings } from "./bundle-settings.ts";
import { frameworkImport } from "./framework-modules.ts";

export const entryId = "tenon:service-entry";

/** The generated entry as a module. */
export function entryPlugin(entry: string): Plugin {
  return {
    name: "tenon-entry",
    resolveId: { filter: { id: /^tenon:service-entry$/ }, handler: () => entryId },
    load: { filter: { id: /^tenon:service-entry$/ }, handler: () => ({ code: entry, moduleType: "js" }) },
  };
}

export function frameworkPlugin(settings: BundleSettings, onSpecifier: (specifier: string) => void): Plugin {
  return {
    name: "tenon-framework",
    resolveId: {
      filter: { id: /^(?:~?tenon|~encore|encore\.dev)(?:\/|$)/ },
      handler(specifier) {
        onSpecifier(specifier);
        const meant = canonicalSpecifier(specifier);
        return meant === null ? null : frameworkModule(meant, settings);
      },
    },
  };
}

/**
 * Generated clients are nobody's sources, and where in them a function stands depends on the other endpoints: source maps do without them.
 */
export function unmappedClientsPlugin({ folders }: BundleSettings): Plugin {
  const clients = join(folders.tenon, "clients");
  return {
    name: "tenon-unmapped-clients",
    transform: {
      filter: { id: /[\\/]clients[\\/].*\.js$/ },
      handler: (code, id) => (id.startsWith(clients) ? { code, map: { mappings: "" } } : null),
    },
  };
}

/** null: we have no such module, which the bundler then reports where it is imported. */
function frameworkModule(specifier: string, settings: BundleSettings): ResolveIdResult {
  if (specifier === "~tenon/clients" && settings.mode === "production") {
    const file = join(settings.folders.tenon, "clients", clientsOfBuilds);
    return existsSync(file) ? file : null;
  }
  if (specifier.startsWith("~tenon/")) {
    const file = join(settings.folders.tenon, specifier.slice("~tenon/".length), "index.js");
    return existsSync(file) ? file : null;
  }
  const id = frameworkImport(specifier, settings);
  return id === null ? null : { id, external: true };
}

/**
 * In development installed packages are imported where they lie, by address: the same instance for all services, and a package of
 * the workspace finds its own dependencies. Symlinked sources of the workspace are bundled, so that editing them reloads.
 */
export function installedPackagesPlugin(): Plugin {
  return {
    name: "tenon-installed-packages",
    resolveId: {
      filter: { id: /^(?!tenon:)[^./\0]/ },
      async handler(specifier, importer, { kind }) {
        if (isBuiltin(specifier)) return null;
        const resolved = await this.resolve(specifier, importer, { skipSelf: true });
        // Who imports at run time may be prepared for a package that is not there.
        if (resolved === null && kind === "dynamic-import") return { id: specifier, external: true };
        if (resolved === null || resolved.external !== false || !isInstalled(resolved.id)) return resolved;
        return { id: pathToFileURL(resolved.id).href, external: true };
      },
    },
  };
}

export function isInstalled(file: string): boolean {
  return /[\\/]node_modules[\\/]/.test(file);
}
