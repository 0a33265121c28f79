// Whether a file was written for Encore.ts: it says so by what it imports. Names are aliases; this is asked only where Encore.ts accepts
// what Tenon refuses, so that programs which run there keep running.
import type { SourceFile } from "./scan-files.ts";

export function isWrittenForEncore({ facts }: SourceFile): boolean {
  return facts.imports.some(({ specifier, isValue }) => isValue && /^encore\.dev(?:\/|$)/.test(specifier));
}
