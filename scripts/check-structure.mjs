// Holds the house to its plan: compares `structure.json` (who may import whom, third-party run-time dependencies) with the package.json
// files and the real imports, in both directions, and checks export maps and a few rules for every file. Prints what is wrong; exit 1.
//
// structure.json, per package: `imports` other packages of this repository; `dependencies` third-party packages at run time;
// `bundled` packages that are built into dist (devDependencies); `buildTools` those only a build configuration imports;
// `testSupport` folders that only tests use; `foundByName` optional dependencies that are looked up by a computed name.
// `installScripts`: locked packages that have one; none may be needed.
import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { checkDependencies } from "./structure/dependencies.mjs";
import { checkExportMap } from "./structure/export-map.mjs";
import { checkFiles } from "./structure/files.mjs";
import { checkLockFile } from "./structure/lock-file.mjs";
import { listFiles, readPackages } from "./structure/read-repository.mjs";

/** @returns {{ problems: string[], packages: number, files: number }} */
export function checkStructure(root) {
  const plan = JSON.parse(readFileSync(join(root, "structure.json"), "utf8"));
  const files = listFiles(root);
  const packages = readPackages(root, files);
  const problems = [];
  const names = new Set(packages.map(({ manifest }) => manifest.name));
  for (const name of Object.keys(plan.packages)) {
    if (!names.has(name)) problems.push(`structure.json: lists "${name}", which is no package of packages/`);
  }
  for (const pack of packages) {
    const allowed = plan.packages[pack.manifest.name];
    if (allowed === undefined) {
      problems.push(`${pack.folder}/package.json: "${pack.manifest.name}" is not listed in structure.json`);
      continue;
    }
    problems.push(...checkDependencies(root, pack, allowed, names), ...checkExportMap(root, pack));
  }
  problems.push(...checkLockFile(root, plan), ...checkFiles(root, files));
  return { problems, packages: packages.length, files: files.length };
}

if (process.argv[1] !== undefined && import.meta.url === pathToFileURL(process.argv[1]).href) {
  const root = join(dirname(fileURLToPath(import.meta.url)), "..");
  const { problems, packages, files } = checkStructure(root);
  for (const problem of problems) console.error(problem);
  console.log(`structure: ${packages} packages, ${files} files, ${problems.length} problems`);
  if (problems.length > 0) process.exitCode = 1;
}
