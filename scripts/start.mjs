// `npm start`: builds what changed, then runs the shop with `tenon dev` in this very process, so that signals and the exit code are its
// own. Arguments are passed on: `npm start -- --topology per-service`.
import { dirname, join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";

// npm runs scripts in a shell, and a shell that is told to end does not tell its child: a vanished parent counts as SIGTERM.
const parent = process.ppid;
const watch = setInterval(() => {
  if (process.ppid === parent) return;
  clearInterval(watch);
  process.kill(process.pid, "SIGTERM");
}, 250);
watch.unref();

const root = join(dirname(fileURLToPath(import.meta.url)), "..");
await import("./build.mjs");

const command = join(root, "packages/tenon/bin/tenon.js");
process.argv.splice(1, 1, command, "dev", join(root, "examples/shop"));
await import(pathToFileURL(command).href);
