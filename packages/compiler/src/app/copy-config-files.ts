// Takes the configuration files of services into a production build, for all environments: one build is started in any of them.
import { cp, mkdir, readdir } from "node:fs/promises";
import { join } from "node:path";
import type { Graph } from "@tenon/model";

const CONFIG_FILE = /^config(\.[^.]+)?\.json$/;

export async function copyConfigFiles(appDir: string, graph: Graph, outDir: string): Promise<void> {
  for (const { directory, config } of graph.services) {
    if (config === undefined) continue;
    const names = (await readdir(join(appDir, directory))).filter((name) => CONFIG_FILE.test(name));
    // config.local.json is a developer's own.
    for (const name of names.filter((name) => name !== "config.local.json")) {
      await mkdir(join(outDir, directory), { recursive: true });
      await cp(join(appDir, directory, name), join(outDir, directory, name));
    }
  }
}
