// The production build of an app that several ways of running it share, made when the first of them asks for it.
import { join } from "node:path";
import { runTenon } from "./tenon.mjs";

const builds = new Map();

/** @returns {Promise<string>} its folder */
export function builtOnce(appDir) {
  if (!builds.has(appDir)) builds.set(appDir, build(appDir));
  return builds.get(appDir);
}

async function build(appDir) {
  const built = await runTenon(["build", appDir]);
  if (built.code !== 0) throw new Error(`tenon build failed:\n${built.stdout}${built.stderr}`);
  return join(appDir, ".tenon/build");
}
