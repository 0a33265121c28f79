// The diagnostics about an app as a whole, its settings and its bundles: code, message and hint of each. `{name}` is filled in.
// docs/reference/app-diagnostics.md explains them; a test holds the two together.
import type { Diagnostic } from "@tenon/model";
import { fill } from "../diagnose/diagnostic.ts";
import type { Place } from "../diagnose/place.ts";

interface Entry {
  readonly severity: Diagnostic["severity"];
  readonly message: string;
  readonly hint: string;
}

export const appDiagnostics = {
  TN1801: {
    severity: "error",
    message: "{file} is not valid JSON: {reason}",
    hint: "Comments and trailing commas are fine; the rest must be JSON.",
  },
  TN1802: {
    severity: "error",
    message: '"{field}" in {file} must be {expected}',
    hint: 'Change it, or leave "{field}" out: every field is optional.',
  },
  TN1803: {
    severity: "error",
    message: "no service found in {directory}",
    hint: 'A service is a folder with a file tenon.service.ts: `import { Service } from "tenon/service"; export default new Service("users");`. An exported `api(...)` in any .ts file is enough as well.',
  },
  TN1804: {
    severity: "error",
    message: "{file} cannot be used: {reason}",
    hint: "Correct it; `npx tsc --showConfig` shows what TypeScript makes of it.",
  },
  TN1805: {
    severity: "error",
    message: 'the package "tenon" cannot be found, neither beside its compiler nor from the app\'s folder',
    hint: "Run `npm install tenon` in the app, or in the workspace root above it.",
  },
  TN1806: {
    severity: "warning",
    message: 'with this module resolution "{pattern}" leads plain tsc and the editor to a folder, which is no module',
    hint: 'Name the file: "{pattern}": ["<folder>/*/index.d.ts"], or use "moduleResolution": "bundler".',
  },
  TN1807: {
    severity: "warning",
    message: 'plain tsc and the editor cannot resolve "encore.dev": it stands for "tenon", which is not installed here',
    hint: "Run `npm install tenon` in the app, or in the workspace root above it.",
  },
  TN1821: {
    severity: "error",
    message: 'cannot find the module "{specifier}"',
    hint: "{advice}",
  },
  TN1822: {
    severity: "error",
    message: "{reason}",
    hint: "If it is a type, import it with `import type { ... }`.",
  },
  TN1823: {
    severity: "error",
    message: "this cannot be read: {reason}",
    hint: "The file must be TypeScript, JavaScript or JSON that parses.",
  },
  TN1824: {
    severity: "error",
    message: 'service "{service}" cannot be bundled: {reason}',
    hint: "The reason names the file; if it is a package with native code, Tenon cannot bundle it.",
  },
  TN1825: {
    severity: "error",
    message: 'the migrations folder "{folder}" of database "{database}" does not exist',
    hint: "Create it with a first file 1_create_tables.up.sql, or correct the path: it is relative to the declaring file.",
  },
  TN1826: {
    severity: "error",
    message: "the output folder {folder} holds files that are not from a build",
    hint: "Name a new or empty folder: a build replaces its folder as a whole.",
  },
  TN1827: {
    severity: "warning",
    message: "{package} cannot work on {platform}: {reason}",
    hint: "Build on that platform, or install the packages for it before: `npm install --os={os} --cpu={cpu}`.",
  },
} as const satisfies Record<string, Entry>;

export type AppDiagnosticCode = keyof typeof appDiagnostics;

export function appDiagnostic(
  code: AppDiagnosticCode,
  place: Place,
  words: Readonly<Record<string, string>> = {},
): Diagnostic {
  const { severity, message, hint }: Entry = appDiagnostics[code];
  return { code, severity, ...place, message: fill(message, words), hint: fill(hint, words) };
}
