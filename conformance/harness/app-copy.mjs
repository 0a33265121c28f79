// Copies of apps that tests may run and edit. They lie inside the checkout (in the ignored folder tmp/), so that `tenon` and its
// types resolve from them as they would from an app that has installed it.
import { cp, mkdir, mkdtemp, rm } from "node:fs/promises";
import { basename, join } from "node:path";
import { root } from "./tenon.mjs";

const generated = new Set([".tenon", "encore.gen", "node_modules"]);

/** @returns {Promise<{ dir: string, remove(): Promise<void> }>} */
export async function copyApp(source) {
  await mkdir(join(root, "tmp"), { recursive: true });
  const dir = await mkdtemp(join(root, "tmp", `${basename(source)}-`));
  await cp(join(root, source), dir, { recursive: true, filter: (path) => !generated.has(basename(path)) });
  // A server that was killed along with its app may still be writing.
  return { dir, remove: () => rm(dir, { recursive: true, force: true, maxRetries: 20, retryDelay: 100 }) };
}
