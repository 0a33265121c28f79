// From the build of an app, the build of one unit of it: some services, the public door, or both, with only what these can load. It starts
// and answers as the whole one does; what changes elsewhere in the app leaves it the same to the byte.
import { existsSync } from "node:fs";
import { cp, mkdir, readdir, readFile, realpath, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Graph, GraphUnit } from "@tenon/model";
import { locateTenon } from "../app/locate-tenon.ts";
import { BILL_FILE, type BillOfMaterials, billText, partOfBill } from "../bom/bill-of-materials.ts";
import { purlsOf } from "../bom/record-packages.ts";
import { bundleRuntime } from "../bundle/bundle-runtime.ts";
import { leftOut } from "../bundle/left-out.ts";
import { usedFramework } from "../bundle/used-framework.ts";
import { graphText } from "../emit/files/graph-text.ts";
import { inStagingFolder, isReplaceable } from "../emit/files/replace-build.ts";
import { CutError } from "./cut-error.ts";
import { cutGraph } from "./cut-graph.ts";
import { cutPackages } from "./cut-packages.ts";
import { cutServices } from "./cut-services.ts";

export interface CutOptions extends GraphUnit {
  /** A build of the whole app. Absolute. */
  readonly buildDir: string;
  /** Absolute. Replaced as a whole, so it must be new, empty, or an earlier build. */
  readonly outDir: string;
  /** As in ProductionOptions; by default that of the installed tenon. */
  readonly startFile?: string;
}

/** Encrypted values, which `tenon build` puts there. */
const secretsFile = "secrets.enc.json";

/** Gives the graph of the unit. Throws CutError. */
export async function cutBuild({ buildDir: givenDir, outDir, startFile, ...wanted }: CutOptions): Promise<Graph> {
  const whole = await readWhole(givenDir);
  // As packages in it are found.
  const buildDir = await realpath(givenDir);
  const graph = cutGraph(whole, checkedUnit(whole, wanted));
  if (!(await isReplaceable(outDir)))
    throw new CutError(
      "folder_in_use",
      `the output folder ${outDir} holds files that are not from a build`,
      "Name a new or empty folder.",
    );
  return inStagingFolder(outDir, async (stagingDir) => {
    await mkdir(stagingDir, { recursive: true });
    await writeFile(join(stagingDir, "app.json"), graphText(isAll(whole, graph) ? withoutUnit(graph) : graph));
    for (const name of ["main.js", "package.json"]) await cp(join(buildDir, name), join(stagingDir, name));
    await cutServices(graph, buildDir, stagingDir);
    await copyFiles(graph, buildDir, stagingDir);
    const packages = await cutPackages(graph, buildDir, stagingDir);
    const runtime = await cutRuntime({ graph, buildDir, startFile }, stagingDir);
    const bill = JSON.parse(await readFile(join(buildDir, BILL_FILE), "utf8")) as BillOfMaterials;
    await writeFile(
      join(stagingDir, BILL_FILE),
      billText(partOfBill(bill, new Set([...packages, ...purlsOf(runtime)]))),
    );
    return { result: graph, isComplete: true };
  });
}

async function readWhole(buildDir: string): Promise<Graph> {
  const text = await readFile(join(buildDir, "app.json"), "utf8").catch(() => undefined);
  if (text === undefined)
    throw new CutError(
      "no_build",
      `there is no build in ${buildDir}`,
      "Make one with `tenon build`, or name its folder.",
    );
  const graph = JSON.parse(text) as Graph;
  if (graph.app.unit === undefined) return graph;
  throw new CutError(
    "build_is_cut",
    `the build in ${buildDir} is a part of the app`,
    "Cut from a build of the whole app.",
  );
}

function checkedUnit(graph: Graph, { services, gateway }: GraphUnit): GraphUnit {
  const all = graph.services.map(({ name }) => name);
  const unknown = services.filter((name) => !all.includes(name));
  if (unknown.length > 0)
    throw new CutError(
      "unknown_service",
      `the app has no service "${unknown.join('", "')}"`,
      `It has: ${all.join(", ")}.`,
    );
  if (services.length === 0 && !gateway)
    throw new CutError(
      "unit_empty",
      "the unit has neither services nor the public door",
      `Services are: ${all.join(", ")}.`,
    );
  return { services: all.filter((name) => services.includes(name)), gateway };
}

function isAll({ services }: Graph, { app: { unit } }: Graph): boolean {
  return unit!.gateway && unit!.services.length === services.length;
}

/** A process of all of the app knows that there are no others. */
function withoutUnit(graph: Graph): Graph {
  const { unit: _, ...app } = graph.app;
  return { ...graph, app };
}

/** Migrations, static files, settings and encrypted secrets of what is hosted. */
async function copyFiles(graph: Graph, buildDir: string, outDir: string): Promise<void> {
  const hosted = graph.services.filter(({ name }) => graph.app.unit!.services.includes(name));
  const files = hosted
    .flatMap(({ endpoints }) => endpoints)
    .flatMap((endpoint) => [endpoint.static?.directory, endpoint.static?.notFound])
    .flatMap((path) => (path === undefined ? [] : [join("files", path)]));
  const migrations = graph.databases.flatMap((database) => database.migrations ?? []);
  // The times of static files go along: `Last-Modified` speaks of the file and not of the build.
  for (const path of new Set([...files, ...migrations]))
    await cp(join(buildDir, path), join(outDir, path), { recursive: true, preserveTimestamps: true });
  for (const { directory, config } of hosted) {
    if (config === undefined) continue;
    const folder = join("config", directory);
    for (const entry of await entriesOf(join(buildDir, folder)))
      if (entry.isFile()) await cp(join(buildDir, folder, entry.name), join(outDir, folder, entry.name));
  }
  if (graph.secrets.length > 0) await cp(join(buildDir, secretsFile), join(outDir, secretsFile)).catch(ignoreMissing);
}

interface RuntimeCut {
  readonly graph: Graph;
  readonly buildDir: string;
  readonly startFile: string | undefined;
}

/** Gives the absolute paths of its modules. Bundled anew, because what of it is in which file depends on all that is in it. */
async function cutRuntime({ graph, buildDir, startFile }: RuntimeCut, outDir: string): Promise<string[]> {
  const tenon = locateTenon(buildDir);
  if (tenon === null)
    throw new CutError("no_tenon", 'the package "tenon" cannot be found', "Run `npm install tenon` in the app.");
  const engines = (graph.topics ?? []).length === 0 ? [] : await entriesOf(join(buildDir, "runtime/engines"));
  const parts = {
    startFile: startFile ?? join(tenon.dir, "dist/start/main.js"),
    modules: await usedFramework(tenon, outDir),
    hasEngines: engines.length > 0,
    leftOut: leftOut(graph, { keepsPackages: existsSync(join(outDir, "node_modules")) }),
  };
  const modules = await bundleRuntime(tenon, parts, join(outDir, "runtime"));
  for (const { name } of engines)
    await cp(join(buildDir, "runtime/engines", name), join(outDir, "runtime/engines", name));
  return modules;
}

function entriesOf(folder: string) {
  return readdir(folder, { withFileTypes: true }).catch((error: NodeJS.ErrnoException) => {
    ignoreMissing(error);
    return [];
  });
}

function ignoreMissing(error: NodeJS.ErrnoException): void {
  if (error.code !== "ENOENT") throw error;
}
