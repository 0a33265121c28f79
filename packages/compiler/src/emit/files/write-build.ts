// Writes a build's output folder so that a process never loads half of one: new files under new names first, the manifest last.
import { existsSync } from "node:fs";
import { readdir, rm } from "node:fs/promises";
import { join } from "node:path";
import type { Graph } from "@tenon/model";
import { asObject } from "../../app/read-jsonc.ts";
import { hashOf } from "./file-hashes.ts";
import { readIfExists, writeIfChanged } from "./write-if-changed.ts";

export interface ServiceOutput {
  readonly code: string;
  /** Source map as JSON. */
  readonly map: string;
  readonly codecs: string;
}

/** `build.json`: where each service's modules are, relative to the build's folder. */
export interface BuildManifest {
  readonly services: Readonly<Record<string, { readonly bundle: string; readonly codecs: string }>>;
}

/** "hashed": names carry a hash of the content, for a folder that running processes load from. */
export type Naming = "hashed" | "plain";

export async function writeBuild(
  outDir: string,
  graph: Graph,
  outputs: ReadonlyMap<string, ServiceOutput>,
  naming: Naming,
): Promise<BuildManifest> {
  const before = await readManifest(outDir);
  const services: Record<string, { bundle: string; codecs: string }> = {};
  for (const [service, output] of [...outputs].sort(([a], [b]) => (a < b ? -1 : 1))) {
    services[service] = await writeService(outDir, service, output, naming);
  }
  const manifest = { services };
  // The app's own package.json may say otherwise of `.js` files below it.
  await writeIfChanged(join(outDir, "package.json"), jsonText({ private: true, type: "module" }));
  await writeIfChanged(join(outDir, "app.json"), jsonText(graph));
  await writeIfChanged(join(outDir, "build.json"), jsonText(manifest));
  // The files of the manifest before this one stay: a process may have read it just now.
  await removeUnused(outDir, [manifest, ...(before === null ? [] : [before])]);
  return manifest;
}

export function jsonText(value: unknown): string {
  return `${JSON.stringify(value, null, 2)}\n`;
}

async function writeService(outDir: string, service: string, output: ServiceOutput, naming: Naming) {
  const mark = (content: string) => (naming === "hashed" ? `.${hashOf(content).slice(0, 12)}` : "");
  const bundle = `services/${service}${mark(output.code + output.map)}.js`;
  const codecs = `codecs/${service}${mark(output.codecs)}.js`;
  const code = `${output.code}\n//# sourceMappingURL=${bundle.slice("services/".length)}.map\n`;
  const write = async (file: string, content: string) => {
    // A name with a hash stands for its content.
    if (naming === "plain" || !existsSync(join(outDir, file))) await writeIfChanged(join(outDir, file), content);
  };
  await write(`${bundle}.map`, output.map);
  await write(bundle, code);
  await write(codecs, output.codecs);
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
      .flatMap(({ bundle, codecs }) => [bundle, `${bundle}.map`, codecs]),
  );
  for (const folder of ["services", "codecs"]) {
    for (const name of await readdir(join(outDir, folder)).catch(() => [])) {
      const file = `${folder}/${name}`;
      if (!used.has(file) && !name.endsWith(".tmp")) await rm(join(outDir, file), { force: true });
    }
  }
}
