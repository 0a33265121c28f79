// One package against its line in structure.json: what its code imports, what its package.json declares, and what the list allows are
// the same. Tests, and folders listed as `testSupport`, are exempt: they may import whatever is installed.
import { builtinModules } from "node:module";
import { join, posix } from "node:path";
import { importsOf, packageNameOf } from "./imports-of.mjs";
import { isTest } from "./read-repository.mjs";

const builtins = new Set(builtinModules);

/** @returns {string[]} */
export function checkDependencies(root, pack, allowed, workspaceNames) {
  const where = `${pack.folder}/package.json`;
  const { bundled = [], buildTools = [], foundByName = [] } = allowed;
  const code = pack.sources.filter((file) => !isTest(file) && !isTestSupport(pack, allowed, file));
  const used = usedPackages(root, pack, code);
  return [
    ...compareUse(pack, used, new Set([...allowed.imports, ...allowed.dependencies, ...bundled, ...buildTools])),
    ...compareNames(`${where}: dependencies`, Object.keys(pack.manifest.dependencies ?? {}), [
      ...allowed.imports,
      ...allowed.dependencies,
    ]),
    ...compareNames(
      `${where}: optionalDependencies`,
      Object.keys(pack.manifest.optionalDependencies ?? {}),
      foundByName,
    ),
    ...[...bundled, ...buildTools]
      .filter((name) => pack.manifest.devDependencies?.[name] === undefined)
      .map((name) => `${where}: "${name}" is listed as bundled or build tool, but is not in devDependencies`),
    ...checkVersions(where, pack.manifest, workspaceNames),
    ...leavingImports(root, pack, code),
  ];
}

function isTestSupport(pack, { testSupport = [] }, file) {
  return testSupport.some((folder) => file.startsWith(`${pack.folder}/${folder}/`));
}

/** Package name -> files of production code that import it. */
function usedPackages(root, pack, code) {
  const used = new Map();
  for (const file of code) {
    for (const specifier of importsOf(join(root, file))) {
      const name = packageNameOf(specifier);
      if (name === undefined || builtins.has(specifier) || name === pack.manifest.name) continue;
      used.set(name, [...(used.get(name) ?? []), file]);
    }
  }
  return used;
}

function compareUse(pack, used, allowed) {
  const problems = [];
  for (const [name, files] of used) {
    if (!allowed.has(name)) {
      problems.push(
        ...files.map((file) => `${file}: imports "${name}", which structure.json does not allow ${pack.manifest.name}`),
      );
    }
  }
  for (const name of allowed) {
    if (!used.has(name))
      problems.push(`structure.json: ${pack.manifest.name} lists "${name}", but nothing in it imports that`);
  }
  return problems;
}

function compareNames(where, declared, listed) {
  return [
    ...declared.filter((name) => !listed.includes(name)).map((name) => `${where}: "${name}" is not in structure.json`),
    ...listed
      .filter((name) => !declared.includes(name))
      .map((name) => `${where}: "${name}" of structure.json is missing`),
  ];
}

/** Relative imports that reach over the package's fence, past its dependencies and export map. */
function leavingImports(root, pack, code) {
  const problems = [];
  for (const file of code) {
    for (const specifier of importsOf(join(root, file)).filter((name) => name.startsWith("."))) {
      const target = posix.join(posix.dirname(file), specifier);
      if (!target.startsWith(`${pack.folder}/`))
        problems.push(`${file}: imports "${specifier}" from outside of its package`);
    }
  }
  return problems;
}

/** Exact versions only: a range would install something that was never tested. */
function checkVersions(where, manifest, workspaceNames) {
  const problems = [];
  for (const group of ["dependencies", "optionalDependencies", "devDependencies"]) {
    for (const [name, version] of Object.entries(manifest[group] ?? {})) {
      const exact = version.replace(/^npm:(@[^@/]+\/)?[^@]+@/, "");
      if (!/^\d+\.\d+\.\d+(-[\w.]+)?$/.test(exact))
        problems.push(`${where}: "${name}" has no exact version: ${version}`);
      if (workspaceNames.has(name) && version !== manifest.version) {
        problems.push(`${where}: "${name}" must have this repository's version ${manifest.version}, not ${version}`);
      }
    }
  }
  return problems;
}
