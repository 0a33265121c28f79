// Places a small `encore.dev` package in an app's node_modules when the real one is not installed, so that the editor and plain
// `tsc` understand `import { api } from "encore.dev/api"`. It only re-exports `tenon/...`. A real install is never touched.
import { readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import type { Diagnostic } from "@tenon/model";
import { appDiagnostic } from "../app/app-diagnostics.ts";
import { findPackage, type TenonPackage } from "../app/locate-tenon.ts";
import { wholeApp } from "../diagnose/place.ts";
import { asObject } from "../app/read-jsonc.ts";
import { writeIfChanged } from "../emit/files/write-if-changed.ts";

/** The field of package.json by which we know our own shim again. */
const mark = "tenonShim";

/** Returns what stands in the way, or null. */
export async function placeEncoreShim(appDir: string, tenon: TenonPackage): Promise<Diagnostic | null> {
  const installed = findPackage("encore.dev", appDir);
  const ours = join(appDir, "node_modules", "encore.dev");
  if (installed !== null && !(await isShim(installed))) return null;
  // A shim above the app serves it as well, as long as it is the same; each app keeps its own current.
  if (findPackage("tenon", appDir) === null) return appDiagnostic("TN1807", wholeApp);

  const files = shimFiles(tenon);
  if (installed === ours && (await shimVersion(ours)) !== tenon.version) await rm(ours, { recursive: true });
  for (const [name, content] of Object.entries(files)) await writeIfChanged(join(ours, name), content);
  return null;
}

async function isShim(dir: string): Promise<boolean> {
  return (await readManifest(dir))[mark] === true;
}

async function shimVersion(dir: string): Promise<unknown> {
  return (await readManifest(dir))["version"];
}

async function readManifest(dir: string): Promise<Record<string, unknown>> {
  return asObject(JSON.parse(await readFile(join(dir, "package.json"), "utf8"))) ?? {};
}

/** File name within the package -> content. */
export function shimFiles(tenon: TenonPackage): Record<string, string> {
  const files: Record<string, string> = {};
  const exported: Record<string, { types: string; default: string }> = {};
  for (const specifier of Object.keys(tenon.modules).sort()) {
    if (specifier.startsWith("tenon/internal/")) continue;
    const name = specifier === "tenon" ? "index" : specifier.slice("tenon/".length);
    exported[specifier.replace("tenon", ".")] = { types: `./${name}.d.ts`, default: `./${name}.js` };
    const withDefault = specifier === "tenon/log" ? `export { default } from "${specifier}";\n` : "";
    const text = `// Placed by Tenon: this app imports encore.dev, which is ${specifier} here.\nexport * from "${specifier}";\n${withDefault}`;
    files[`${name}.js`] = text;
    files[`${name}.d.ts`] = text;
  }
  const manifest = {
    name: "encore.dev",
    version: tenon.version,
    description: "Placed by Tenon so that imports of encore.dev resolve to tenon. Remove it freely; it comes back.",
    [mark]: true,
    private: true,
    type: "module",
    exports: exported,
  };
  files["package.json"] = `${JSON.stringify(manifest, null, 2)}\n`;
  return files;
}
