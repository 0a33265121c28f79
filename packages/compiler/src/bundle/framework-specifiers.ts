// Which import specifiers are the framework's own, and what each means.

/** The Encore.ts spelling of a specifier of ours turned into ours; anything else is returned as it is. */
export function canonicalSpecifier(specifier: string): string {
  if (specifier === "encore.dev") return "tenon";
  if (specifier.startsWith("encore.dev/")) return `tenon/${specifier.slice("encore.dev/".length)}`;
  if (specifier.startsWith("~encore/")) return `~tenon/${specifier.slice("~encore/".length)}`;
  return specifier;
}

/** All spellings of one of our specifiers, ours first. */
export function aliasedSpecifiers(specifier: string): string[] {
  return [specifier, specifier.replace(/^tenon/, "encore.dev")];
}
