// An app as functions of Google Cloud: each in a process of the real functions framework.
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { root } from "../tenon.mjs";
import { startFunctions } from "./app-in-functions.mjs";
import { startServer } from "./server-of-platform.mjs";

/** Its command, beside what it exports. */
const framework = join(dirname(createRequire(import.meta.url).resolve("@google-cloud/functions-framework")), "main.js");

const { entryText } = await import(join(root, "packages/deploy/dist/targets/gcf/entry-text.js"));

/** `target`: "http", or "events" for a function that is handed CloudEvents. */
export function startInGoogle(appDir, { target = "http", ...options } = {}) {
  const type = target === "http" ? "http" : "cloudevent";
  const start = ({ dir, env }) => {
    const args = [framework, `--source=${dir}`, `--target=${target}`, `--signature-type=${type}`];
    return startServer({ name: "the functions framework", args, env });
  };
  return startFunctions(appDir, entryText, { file: "index.js", start }, options);
}
