// One type check of the app with one consumer more, in a process of its own: `check-sample.mjs <app> <native|classic> <consumer>`. Prints
// `{ ms, instantiations, types, memoryKb }` as JSON, as the compiler itself counts.
import { spawnSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { root } from "../harness/environment.mjs";

const [appDir, kind, consumer] = process.argv.slice(2);
const tsc = {
  native: join(root, "node_modules/typescript/bin/tsc"),
  classic: join(root, "node_modules/typescript-classic/lib/tsc.js"),
}[kind];
const config = join(appDir, `tsconfig.${consumer}.json`);
const others = ["consumer-*.ts", "front-end-client.ts", "node_modules", ".tenon"];
writeFileSync(
  config,
  JSON.stringify({
    extends: "./tsconfig.json",
    compilerOptions: { lib: ["es2023", "dom", "dom.iterable"] },
    include: ["**/*.ts"],
    exclude: others,
    ...(consumer === "nothing" ? {} : { files: [`consumer-${consumer}.ts`] }),
  }),
);
const result = spawnSync(process.execPath, [tsc, "-p", config, "--extendedDiagnostics", "--pretty", "false"], {
  encoding: "utf8",
});
if (result.status !== 0) throw new Error(result.stdout.slice(0, 2000) + result.stderr);
const figure = (name) => Number(new RegExp(`^${name}:\\s+([\\d.]+)`, "m").exec(result.stdout)?.[1]);
console.log(
  JSON.stringify({
    ms: figure("Total time") * 1000,
    checkMs: figure("Check time") * 1000,
    instantiations: figure("Instantiations"),
    types: figure("Types"),
    memoryKb: figure("Memory used"),
  }),
);
