// The lock file: which packages bring an install script (listed in structure.json, because nothing may depend on one having run), and
// whether it is whole. npm leaves out optional platform packages that it could not find, and `npm ci` then refuses the lock file.
import { readFileSync } from "node:fs";
import { join } from "node:path";

/** @returns {string[]} */
export function checkLockFile(root, plan) {
  const { packages } = JSON.parse(readFileSync(join(root, "package-lock.json"), "utf8"));
  const listed = new Set(plan.installScripts ?? []);
  const problems = [];
  for (const [path, entry] of Object.entries(packages)) {
    const name = path.slice(path.lastIndexOf("node_modules/") + "node_modules/".length);
    if (entry.hasInstallScript && !listed.delete(name)) {
      problems.push(
        `package-lock.json: "${name}" has an install script and is not in installScripts of structure.json`,
      );
    }
    if (/^https?:/.test(entry.resolved ?? ""))
      problems.push(`package-lock.json: "${name}" names the host it came from`);
    for (const optional of Object.keys(entry.optionalDependencies ?? {})) {
      if (!isLocked(packages, path, optional)) {
        problems.push(
          `package-lock.json: "${optional}", optional dependency of "${path || "the root"}", is missing: npm ci will refuse`,
        );
      }
    }
  }
  for (const name of listed) problems.push(`structure.json: installScripts lists "${name}", which has none`);
  return problems;
}

/** Looks where Node would: in the package's own node_modules, then in those of the folders above. */
function isLocked(packages, path, name) {
  const parts = path.split("/node_modules/");
  for (let depth = parts.length; depth > 0; depth--) {
    if (`${parts.slice(0, depth).join("/node_modules/")}/node_modules/${name}` in packages) return true;
  }
  return `node_modules/${name}` in packages;
}
