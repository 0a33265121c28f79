// `tenon build`: a self-contained production build.
import { resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { buildProduction } from "@tenon/compiler";
import { readGitRevision } from "../git-revision.ts";
import { REVISION_FILE } from "../revision-file.ts";
import { ENCRYPTED_FILE, readEncryptedFile } from "../secrets/encrypted-file.ts";
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
      extraFiles: await extraFiles(appDir),
      startFile: fileURLToPath(new URL("../start/main.js", import.meta.url)),
    });
    process.stderr.write(renderDiagnostics(result.diagnostics, appDir));
    if (!result.ok) return 1;
    process.stdout.write(`built ${result.graph?.services.map((service) => service.name).join(", ")} into ${outDir}\n`);
    return 0;
  },
};

/** What a build takes along besides code: the encrypted secrets, without their key, and of which sources it is. */
async function extraFiles(appDir: string): Promise<Record<string, string>> {
  const [revision, encrypted] = await Promise.all([readGitRevision(appDir), readEncryptedFile(appDir)]);
  return {
    [REVISION_FILE]: `${JSON.stringify(revision)}\n`,
    ...(encrypted === undefined ? {} : { [ENCRYPTED_FILE]: encrypted }),
  };
}
