// `npm start`: builds what changed, then runs the shop with `tenon dev` in this very process, so that signals and the exit code are its
// own. Arguments are passed on: `npm start -- --topology per-service`.
import { dirname, join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";

const root = join(dirname(fileURLToPath(import.meta.url)), "..");
await import("./build.mjs");

const command = join(root, "packages/tenon/bin/tenon.js");
process.argv.splice(1, 1, command, "dev", join(root, "examples/shop"));
await import(pathToFileURL(command).href);
