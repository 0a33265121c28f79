// The configuration files of services: `config.json` in the service's folder, and for one environment `config.<environment>.json`.
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import type { Graph } from "@tenon/model";
import type { ConfigFile } from "@tenon/runtime";

/** `root`: the app's folder, or where a build keeps its copies. The weaker first. */
export async function readConfigFiles(root: string, graph: Graph, environment: string): Promise<ConfigFile[]> {
  const wanted = graph.services
    .filter(({ config }) => config !== undefined)
    .flatMap(({ name, directory }) =>
      ["config.json", `config.${environment}.json`].map((file) => ({ service: name, path: join(directory, file) })),
    );
  const files = await Promise.all(
    wanted.map(async ({ service, path }): Promise<ConfigFile[]> => {
      const text = await readFile(join(root, path), "utf8").catch((error: NodeJS.ErrnoException) => {
        if (error.code === "ENOENT") return undefined;
        throw error;
      });
      return text === undefined ? [] : [{ service, path, text }];
    }),
  );
  return files.flat();
}
