// Writes a build's output folder so that a process never loads half of one: new files under new names first, the manifest last.
import { existsSync } from "node:fs";
import { readdir, rm } from "node:fs/promises";
import { join } from "node:path";
import { asObject } from "../../app/read-jsonc.ts";
import type { MadeText } from "./text-cache.ts";
import { readIfExists, writeIfChanged } from "./write-if-changed.ts";

export interface ServiceOutput {
  /** `{ code, map }` as JSON; `map` is a source map as JSON. */
  readonly bundle: MadeText;
  readonly codecs: MadeText;
}

/** `build.json`: where each service's modules are, relative to the build's folder. */
export interface BuildManifest {
  /** Of services elsewhere the build of a unit has no bundle. */
  readonly services: Readonly<Record<string, { readonly bundle?: string; readonly codecs: string }>>;
}

/** "hashed": names carry a hash of the content, for a folder that running processes load from. */
export type Naming = "hashed" | "plain";

/** `graphText`: the graph as JSON. */
export async function writeBuild(
  outDir: string,
  graphText: string,
  outputs: ReadonlyMap<string, ServiceOutput>,
  naming: Naming,
): Promise<BuildManifest> {
  const before = await readManifest(outDir);
  const sorted = [...outputs].sort(([a], [b]) => (a < b ? -1 : 1));
  const services = Object.fromEntries(
    await Promise.all(
      sorted.map(async ([service, output]) => [service, await writeService(outDir, service, output, naming)] as const),
    ),
  );
  const manifest = { services };
  // The app's own package.json may say otherwise of `.js` files below it.
  await writeIfChanged(join(outDir, "package.json"), jsonText({ private: true, type: "module" }));
  await writeIfChanged(join(outDir, "app.json"), graphText);
  await writeIfChanged(join(outDir, "build.json"), manifestText(manifest));
  // The files of the manifest before this one stay: a process may have read it just now.
  await removeUnused(outDir, [manifest, ...(before === null ? [] : [before])]);
  return manifest;
}

export function manifestText(manifest: BuildManifest): string {
  return jsonText(manifest);
}

function jsonText(value: unknown): string {
  return `${JSON.stringify(value, null, 2)}\n`;
}

async function writeService(outDir: string, service: string, output: ServiceOutput, naming: Naming) {
  const mark = ({ hash }: MadeText) => (naming === "hashed" ? `.${hash.slice(0, 12)}` : "");
  // A name with a hash stands for its content.
  const isThere = (file: string) => naming === "hashed" && existsSync(join(outDir, file));
  const bundle = `services/${service}${mark(output.bundle)}.js`;
  const codecs = `codecs/${service}${mark(output.codecs)}.js`;
  if (!isThere(bundle) || !isThere(`${bundle}.map`)) {
    const { code, map } = JSON.parse(await output.bundle.read()) as { code: string; map: string };
    await writeIfChanged(join(outDir, `${bundle}.map`), map);
    const link = `//# sourceMappingURL=${bundle.slice("services/".length)}.map`;
    await writeIfChanged(join(outDir, bundle), `${code}\n${link}\n`);
  }
  if (!isThere(codecs)) await writeIfChanged(join(outDir, codecs), await output.codecs.read());
  return { bundle, codecs };
}

export async function readManifest(outDir: string): Promise<BuildManifest | null> {
  const text = await readIfExists(join(outDir, "build.json"));
  if (text === null) return null;
  const services = asObject(asObject(JSON.parse(text))?.["services"]);
  return services === null ? null : ({ services } as BuildManifest);
}

async function removeUnused(outDir: string, manifests: readonly BuildManifest[]): Promise<void> {
  const used = new Set(
    manifests
      .flatMap((manifest) => Object.values(manifest.services))
      .flatMap(({ bundle, codecs }) => [...(bundle === undefined ? [] : [bundle, `${bundle}.map`]), codecs]),
  );
  for (const folder of ["services", "codecs"]) {
    for (const name of await readdir(join(outDir, folder)).catch(() => [])) {
      const file = `${folder}/${name}`;
      if (!used.has(file) && !name.endsWith(".tmp")) await rm(join(outDir, file), { force: true });
    }
  }
}
