// How a bundle names a file of a package that stays a folder, until it is known where in the build the folder comes to lie; and how it says
// of which packages it is made.

const scheme = "tenon-package:";
const quotedFile = /"tenon-package:(?:[^"\\\n]|\\.)+"/g;
const lastLine = "\n//# tenonPackages=";

/** Absolute folders, sorted. */
export interface BundlePackages {
  /** Those that stay folders, those included that no import names. */
  readonly kept: readonly string[];
  /** Those whose code is in the bundle. */
  readonly bundled: readonly string[];
}

export function keptSpecifier(file: string): string {
  return scheme + file;
}

/** The bundle with a last line that says of which packages it is made; as it is when there are none. */
export function withPackages(code: string, packages: BundlePackages): string {
  if (packages.kept.length === 0 && packages.bundled.length === 0) return code;
  return `${code.trimEnd()}${lastLine}${JSON.stringify(packages)}\n`;
}

export function packagesIn(code: string): BundlePackages {
  const start = code.lastIndexOf(lastLine);
  if (start === -1) return { kept: [], bundled: [] };
  return JSON.parse(code.slice(start + lastLine.length).split("\n", 1)[0]!) as BundlePackages;
}

/** The files that it imports from packages that stay folders. */
export function filesIn(code: string): string[] {
  return [...code.matchAll(quotedFile)].map(([quoted]) => fileOf(quoted));
}

/** The bundle as it is shipped: `specifierOf` says how to import a file. */
export function withPlaces(code: string, specifierOf: (file: string) => string): string {
  const start = code.lastIndexOf(lastLine);
  if (start === -1) return code;
  const end = code.indexOf("\n", start + 1);
  const shipped = code.slice(0, start) + code.slice(end === -1 ? code.length : end);
  return shipped.replace(quotedFile, (quoted) => JSON.stringify(specifierOf(fileOf(quoted))));
}

function fileOf(quoted: string): string {
  return (JSON.parse(quoted) as string).slice(scheme.length);
}
