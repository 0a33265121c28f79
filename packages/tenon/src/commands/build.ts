// `tenon build`: a self-contained production build.
import { resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { buildProduction } from "@tenon/compiler";
import { appFolder } from "./app-folder.ts";
import { productionBuildDir } from "./build-folders.ts";
import { booleanOption, type Command, stringOption } from "./definition.ts";
import { renderDiagnostics } from "./diagnostics-text.ts";

export const buildCommand: Command = {
  name: "build",
  summary: "Makes a self-contained production build",
  positionals: ["dir"],
  options: {
    "no-check": { type: "boolean", summary: "build even if TypeScript finds errors" },
    output: { type: "string", short: "o", value: "DIR", summary: "where it goes (.tenon/build)" },
  },
  async run(input) {
    const appDir = appFolder(input.positionals[0]);
    const output = stringOption(input, "output");
    const outDir = output === undefined ? productionBuildDir(appDir) : resolve(output);
    const result = await buildProduction({
      appDir,
      outDir,
      checkTypes: !booleanOption(input, "no-check"),
      startFile: fileURLToPath(new URL("../start/main.js", import.meta.url)),
    });
    process.stderr.write(renderDiagnostics(result.diagnostics, appDir));
    if (!result.ok) return 1;
    process.stdout.write(`built ${result.graph?.services.map((service) => service.name).join(", ")} into ${outDir}\n`);
    return 0;
  },
};
