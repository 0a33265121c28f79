// Loads the package of an engine, only in a process whose configuration names it: the copy that a build carries, or the one that is
// installed.
import { existsSync } from "node:fs";
import { createRequire } from "node:module";
import { isAbsolute, join } from "node:path";
import { pathToFileURL } from "node:url";
import { HostError } from "../lifecycle/host-error.ts";
import type { BrokerAdapter } from "./broker.ts";

/** Throws HostError `engine_missing` or `engine_unusable`. */
export async function loadEngine(module: string, buildDir: string): Promise<BrokerAdapter> {
  const file = findEngine(module, buildDir);
  if (file === undefined) throw new HostError("engine_missing", { module });
  let exported: Partial<BrokerAdapter>;
  try {
    exported = (await import(pathToFileURL(file).href)) as Partial<BrokerAdapter>;
  } catch (error) {
    throw new HostError("engine_unusable", { module, reason: (error as Error).message }, error);
  }
  const { createBroker, createTopicControl } = exported;
  if (typeof createBroker !== "function" || typeof createTopicControl !== "function") {
    throw new HostError("engine_unusable", {
      module,
      reason: "it does not export createBroker and createTopicControl",
    });
  }
  return { createBroker, createTopicControl };
}

/** Name of an engine's file in the folder `runtime/engines` of a build. */
export function engineFile(module: string): string {
  return `${module.replace(/^@/, "").replaceAll("/", "-")}.js`;
}

function findEngine(module: string, buildDir: string): string | undefined {
  if (isAbsolute(module)) return existsSync(module) ? module : undefined;
  const carried = join(buildDir, "runtime", "engines", engineFile(module));
  if (existsSync(carried)) return carried;
  return installedFrom(buildDir, module) ?? installedFrom(process.cwd(), module);
}

function installedFrom(folder: string, module: string): string | undefined {
  try {
    return createRequire(join(folder, "package.json")).resolve(module);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "MODULE_NOT_FOUND") throw error;
    return undefined;
  }
}
