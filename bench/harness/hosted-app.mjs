// An app of the bench, built and hosted by the packages of any checkout, in this process: for paired measurements of two checkouts.
import { cpSync, existsSync, mkdirSync } from "node:fs";
import { dirname, join } from "node:path";
import { root } from "./environment.mjs";
import { importBuilt } from "./import-built.mjs";

/** Where the apps of a checkout are built; inside of it, so that they import its packages. */
export const hostedAppsDir = (packagesDir) => join(packagesDir, "../bench/tmp/hosted-apps");

/** @returns {Promise<URL>} the gateway of the app in `folder`; spans are recorded, not exported */
export async function hostApp(packagesDir, folder, services) {
  const buildDir = await buildOnce(packagesDir, folder);
  const { startHost } = await importBuilt(packagesDir, "runtime/dist/index.js");
  const { gatewayAddress } = await startHost({
    buildDir,
    services,
    internal: { host: "127.0.0.1", port: 0 },
    gateway: { host: "127.0.0.1", port: 0 },
    remotes: {},
    credential: "bench-credential",
    databases: {},
    secrets: {},
    telemetry: { otlpEndpoint: null, sample: 1, flushIntervalMs: 1_000 },
    development: false,
  });
  const { host, port } = gatewayAddress;
  return new URL(typeof gatewayAddress === "string" ? gatewayAddress : `http://${host}:${port}`);
}

/** The first sample builds, the others find the build; who measures clears the folder before. */
async function buildOnce(packagesDir, folder) {
  // Files that the app takes from beside it come along.
  const copy = join(hostedAppsDir(packagesDir), dirname(folder));
  const appDir = join(hostedAppsDir(packagesDir), folder);
  const outDir = join(appDir, ".tenon/build/dev");
  if (existsSync(join(outDir, "app.json"))) return outDir;
  mkdirSync(copy, { recursive: true });
  const isSource = (path) => !/[\\/](\.tenon|node_modules|peers)$/.test(path);
  cpSync(join(root, "bench", dirname(folder)), copy, { recursive: true, filter: isSource });
  const { createCompiler } = await importBuilt(packagesDir, "compiler/dist/index.js");
  const compiler = await createCompiler({ appDir, outDir, mode: "development" });
  const built = await compiler.build();
  await compiler.close();
  if (!built.ok) throw new Error(JSON.stringify(built.diagnostics, null, 2));
  return outDir;
}
