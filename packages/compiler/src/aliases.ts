// The one table of names by which an app may call the same thing: Tenon's own, and those of Encore.ts.

/** Marks a folder as a service. */
export const markerFileNames: readonly string[] = ["tenon.service.ts", "encore.service.ts"];

/** In the app's folder: the settings of the app that are code. */
export const appModuleName = "tenon.app.ts";

/** Name the app; the first that exists counts. */
export const appFileNames: readonly string[] = ["tenon.json", "encore.app"];

/** Import prefixes: what is written -> the module that is meant. */
const specifierAliases: readonly (readonly [written: string, meant: string])[] = [
  ["encore.dev", "tenon"],
  ["~encore", "~tenon"],
];

/** "tenon/api" -> ["tenon/api", "encore.dev/api"]: all the ways to write one of our specifiers, ours first. */
export function spellingsOf(specifier: string): string[] {
  const others = specifierAliases
    .filter(([, meant]) => specifier === meant || specifier.startsWith(`${meant}/`))
    .map(([written, meant]) => written + specifier.slice(meant.length));
  return [specifier, ...others];
}

/** "encore.dev/api" -> "tenon/api"; our own specifiers as they are; null for everybody else's. */
export function canonicalSpecifier(specifier: string): string | null {
  for (const [written, meant] of specifierAliases) {
    if (specifier === written || specifier.startsWith(`${written}/`)) return meant + specifier.slice(written.length);
  }
  const isOurs = ["tenon", "~tenon"].some((root) => specifier === root || specifier.startsWith(`${root}/`));
  return isOurs ? specifier : null;
}
