// The diagnostics about an app as a whole, its configuration files and its bundles: code, message and hint of each.
import type { Diagnostic } from "@tenon/model";
import { type Place, wholeApp } from "./place.ts";

function error(code: string, place: Place, message: string, hint: string): Diagnostic {
  return { code, severity: "error", ...place, message, hint };
}

export function invalidAppFile(place: Place, reason: string): Diagnostic {
  return error("TN1801", place, `${place.file} is not valid JSON: ${reason}`, "Comments and trailing commas are fine.");
}

export function invalidAppField(place: Place, field: string, expected: string): Diagnostic {
  return error(
    "TN1802",
    place,
    `"${field}" in ${place.file} must be ${expected}`,
    `Change it, or leave "${field}" out: every field is optional.`,
  );
}

export function noService(directory: string): Diagnostic {
  return error(
    "TN1803",
    wholeApp,
    `no service found in ${directory}`,
    'A service is a folder with a file tenon.service.ts: `import { Service } from "tenon/service"; export default new Service("users");`. An exported `api(...)` in any .ts file is enough as well.',
  );
}

export function invalidTsconfig(place: Place, reason: string): Diagnostic {
  return error(
    "TN1804",
    place,
    `${place.file} cannot be used: ${reason}`,
    "Correct it; `npx tsc --showConfig` shows what TypeScript makes of it.",
  );
}

export function tenonNotInstalled(): Diagnostic {
  return error(
    "TN1805",
    wholeApp,
    'the package "tenon" cannot be resolved from the app\'s folder',
    "Run `npm install tenon` in the app (or in the workspace root above it).",
  );
}

export function folderAsModule(place: Place, pattern: string): Diagnostic {
  return {
    code: "TN1806",
    severity: "warning",
    ...place,
    message: `with this module resolution "${pattern}" leads plain tsc and the editor to a folder, which is no module`,
    hint: `Name the file: "${pattern}": ["<folder>/*/index.d.ts"], or use "moduleResolution": "bundler".`,
  };
}

export function unresolvedImport(place: Place, specifier: string): Diagnostic {
  const relative = specifier.startsWith(".");
  return error(
    "TN1821",
    place,
    `cannot find the module "${specifier}"`,
    relative
      ? "Check the path: it is relative to the importing file."
      : `Install the package (\`npm install ${packageName(specifier)}\`), or check "paths" in tsconfig.json.`,
  );
}

export function missingExport(place: Place, reason: string): Diagnostic {
  return error("TN1822", place, reason, "If it is a type, import it with `import type { ... }`.");
}

export function unreadableModule(place: Place, reason: string): Diagnostic {
  return error("TN1823", place, reason, "The file must be TypeScript, JavaScript or JSON that parses.");
}

export function bundleFailed(place: Place, service: string, reason: string): Diagnostic {
  return error("TN1824", place, `service "${service}" cannot be bundled: ${reason}`, "See the reason given.");
}

export function missingMigrations(place: Place, database: string, folder: string): Diagnostic {
  return error(
    "TN1825",
    place,
    `the migrations folder "${folder}" of database "${database}" does not exist`,
    "Create it with a first file 1_create_tables.up.sql, or correct the path: it is relative to the declaring file.",
  );
}

export function outputFolderInUse(folder: string): Diagnostic {
  return error(
    "TN1826",
    wholeApp,
    `the output folder ${folder} holds files that are not from a build`,
    "Name a new or empty folder: a build replaces its folder as a whole.",
  );
}

function packageName(specifier: string): string {
  const parts = specifier.split("/");
  return specifier.startsWith("@") ? parts.slice(0, 2).join("/") : parts[0]!;
}
