// Builds every package with TypeScript 7 (type check, JavaScript, declarations) and the dashboard's pages with Vite, each only when
// its sources changed since the last build.
import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { packageFolders } from "./structure/package-folders.mjs";

const root = join(dirname(fileURLToPath(import.meta.url)), "..");

function run(name, script, args, cwd = root) {
  const result = spawnSync(process.execPath, [script, ...args], { cwd, stdio: "inherit" });
  if (result.status !== 0) {
    console.error(`build: ${name} failed`);
    process.exit(result.status ?? 1);
  }
}

function filesBelow(folder) {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath ?? entry.path, entry.name))
    .sort();
}

function hashOf(files) {
  const hash = createHash("sha256");
  for (const file of files) hash.update(file.slice(root.length)).update("\0").update(readFileSync(file)).update("\0");
  return hash.digest("hex");
}

/** Rebuilds what depends on these sources only when their bytes changed. */
function whenChanged(stampFile, files, build) {
  const hash = hashOf(files);
  if (existsSync(stampFile) && readFileSync(stampFile, "utf8") === hash) return;
  // A build that fails half-way leaves files of either version; the sources going back must not make them count as built.
  rmSync(stampFile, { force: true });
  build();
  mkdirSync(dirname(stampFile), { recursive: true });
  writeFileSync(stampFile, hash);
}

const packages = packageFolders(root);
const sources = packages.flatMap((name) => filesBelow(join(root, name, "src")));
const configs = packages.map((name) => join(root, name, "tsconfig.json"));
const lock = join(root, "package-lock.json");

whenChanged(
  join(root, "packages/tenon/dist/.build-stamp"),
  [...sources, ...configs, join(root, "tsconfig.base.json"), lock],
  () => {
    run("TypeScript", join(root, "node_modules/typescript/bin/tsc"), ["-b", "--pretty", "false"]);
  },
);

const web = join(root, "packages/dashboard/src/web");
if (existsSync(join(web, "vite.config.js"))) {
  whenChanged(join(root, "packages/dashboard/dist/web/.build-stamp"), [...filesBelow(web), lock], () => {
    run(
      "dashboard pages",
      join(root, "node_modules/vite/bin/vite.js"),
      ["build", "--config", join(web, "vite.config.js"), "--logLevel", "warn"],
      web,
    );
  });
}
