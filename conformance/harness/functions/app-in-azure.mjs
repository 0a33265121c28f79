// An app as Azure Functions, behind the real `@azure/functions` and a stand-in for the host.
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { root } from "../tenon.mjs";
import { startFunctions } from "./app-in-functions.mjs";
import { startServer } from "./server-of-platform.mjs";

const worker = join(dirname(fileURLToPath(import.meta.url)), "azure-worker.mjs");

const { entryText } = await import(join(root, "packages/deploy/dist/targets/azure-functions/entry-text.js"));

export function startInAzure(appDir, options) {
  const start = ({ dir, env }) => startServer({ name: "Azure Functions", args: [worker, dir], env });
  return startFunctions(appDir, entryText({ timers: [], queues: [] }), { file: "azure.mjs", start }, options);
}
