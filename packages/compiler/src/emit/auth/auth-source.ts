// What `~tenon/auth` is made from: where the types of the auth data can be found, before any type is known.
import type { Discovered } from "../../discover/discover.ts";

/** An exported auth handler, or an exported gateway that has one. */
export interface AuthSource {
  readonly kind: "handler" | "gateway";
  /** Relative to the app's folder, with forward slashes. */
  readonly file: string;
  readonly exportName: string;
}

/**
 * All exported handlers; for one that is not, the exported gateways of its file. null: there is no auth handler; empty: there are, and
 * their types cannot be imported.
 */
export function authSources({ services, resources }: Pick<Discovered, "services" | "resources">): AuthSource[] | null {
  const handlers = services
    .flatMap((service) => service.resources)
    .filter(({ declaration }) => declaration.type === "auth-handler");
  if (handlers.length === 0) return null;
  const found = new Map<string, AuthSource>();
  const add = (source: AuthSource) => found.set(`${source.file}#${source.exportName}`, source);
  for (const { source, declaration } of handlers) {
    const exportName = exportNameOf(declaration);
    if (exportName !== null) {
      add({ kind: "handler", file: source.relative, exportName });
      continue;
    }
    for (const gateway of resources) {
      if (gateway.source !== source || gateway.declaration.type !== "gateway") continue;
      const name = exportNameOf(gateway.declaration);
      if (name !== null) add({ kind: "gateway", file: source.relative, exportName: name });
    }
  }
  return [...found.values()].sort((a, b) => compare(a.file, b.file) || compare(a.exportName, b.exportName));
}

function exportNameOf({ binding, isDefaultExport }: Discovered["resources"][number]["declaration"]): string | null {
  return binding?.exportName ?? (isDefaultExport ? "default" : null);
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
