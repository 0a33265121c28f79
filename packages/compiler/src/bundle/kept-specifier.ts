// How a bundle names a file of a package that stays a folder, until it is known where in the build the folder comes to lie.

const scheme = "tenon-package:";
const quotedFile = /"tenon-package:(?:[^"\\\n]|\\.)+"/g;
const lastLine = "\n//# tenonPackages=";

export function keptSpecifier(file: string): string {
  return scheme + file;
}

/** The bundle with a last line that says which folders it needs; as it is when it needs none. */
export function withFolders(code: string, folders: readonly string[]): string {
  return folders.length === 0 ? code : `${code.trimEnd()}${lastLine}${JSON.stringify(folders)}\n`;
}

/** The folders that a bundle needs, those included that no import names. */
export function foldersIn(code: string): string[] {
  const start = code.lastIndexOf(lastLine);
  return start === -1 ? [] : (JSON.parse(code.slice(start + lastLine.length).split("\n", 1)[0]!) as string[]);
}

/** The files that it imports from them. */
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
