// Which of the framework's modules the bundles of a build import: only these come into it, with what they need.
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import type { TenonPackage } from "../app/locate-tenon.ts";
import { frameworkFile } from "./framework-modules.ts";

/** Specifiers ("tenon/api"), sorted. Read from the bundles themselves, which may come from a cache. */
export async function usedFramework(tenon: TenonPackage, buildDir: string): Promise<string[]> {
  const services = join(buildDir, "services");
  const names = (await readdir(services)).filter((name) => name.endsWith(".js"));
  const bundles = await Promise.all(names.map((name) => readFile(join(services, name), "utf8")));
  const isUsed = (specifier: string) => bundles.some((code) => code.includes(`"${frameworkFile(specifier)}"`));
  return Object.keys(tenon.modules).filter(isUsed).sort();
}
