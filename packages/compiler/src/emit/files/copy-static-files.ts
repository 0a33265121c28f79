// Copies what static endpoints serve to `files/` of a build, under the paths that the graph gives. Only what would be served: nothing
// hidden and nothing that a link brings in from elsewhere.
import { realpathSync } from "node:fs";
import { cp, mkdir, realpath } from "node:fs/promises";
import { basename, dirname, join, relative, sep } from "node:path";
import type { Graph } from "@tenon/model";

export async function copyStaticFiles(appDir: string, graph: Graph, outDir: string): Promise<void> {
  const endpoints = graph.services.flatMap((service) => service.endpoints);
  const folders = new Set(
    endpoints.flatMap((endpoint) => (endpoint.static === undefined ? [] : [endpoint.static.directory])),
  );
  const pages = new Set(endpoints.flatMap((endpoint) => endpoint.static?.notFound ?? []));
  for (const folder of folders) await copyFolder(join(appDir, folder), join(outDir, "files", folder), outDir);
  for (const page of pages) {
    const to = join(outDir, "files", page);
    await mkdir(dirname(to), { recursive: true });
    await cp(join(appDir, page), to, { dereference: true, preserveTimestamps: true });
  }
}

/** The times go along: `Last-Modified` speaks of the file and not of the build. */
async function copyFolder(from: string, to: string, outDir: string): Promise<void> {
  const root = await realpath(from);
  const out = await realpath(outDir);
  await mkdir(to, { recursive: true });
  await cp(root, to, {
    recursive: true,
    dereference: true,
    preserveTimestamps: true,
    filter: (path) => path === root || (isServed(path, root) && realpathSync(path) !== out),
  });
}

function isServed(path: string, root: string): boolean {
  const name = basename(path);
  if (name.startsWith(".") && name !== ".well-known") return false;
  try {
    const way = relative(root, realpathSync(path));
    return way !== ".." && !way.startsWith(`..${sep}`);
  } catch {
    // A link to nothing.
    return false;
  }
}
