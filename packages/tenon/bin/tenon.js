#!/usr/bin/env node
// The `tenon` command. Kept tiny: the compile cache must be on before anything else is loaded.
import module from "node:module";

module.enableCompileCache?.();
process.setSourceMapsEnabled(true);
const { main } = await import("../dist/command.js");
const exitCode = await main(process.argv.slice(2));
// Not by process.exitCode: a handle somebody forgot must not keep a finished command alive.
process.stdout.write("", () => process.stderr.write("", () => process.exit(exitCode)));
