// `tenon build`: a self-contained production build.
import { rm } from "node:fs/promises";
import { resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { buildProduction, cutBuild, type Platform } from "@tenon/compiler";
import type { GraphUnit } from "@tenon/model";
import { readGitRevision } from "../git-revision.ts";
import { REVISION_FILE } from "../revision-file.ts";
import { ENCRYPTED_FILE, readEncryptedFile } from "../secrets/encrypted-file.ts";
import { appFolder } from "./app-folder.ts";
import { productionBuildDir } from "./build-folders.ts";
import { booleanOption, type Command, type CommandInput, listOption, stringOption, UsageError } from "./definition.ts";
import { renderDiagnostics } from "./diagnostics-text.ts";

export const buildCommand: Command = {
  name: "build",
  summary: "Makes a self-contained production build",
  positionals: ["dir"],
  options: {
    "no-check": { type: "boolean", summary: "build even if TypeScript finds errors" },
    output: { type: "string", short: "o", value: "DIR", summary: "where it goes (.tenon/build)" },
    services: { type: "string", value: "A,B", summary: "a build of these services alone, without the public door" },
    platform: { type: "string", value: "OS-CPU", summary: "refuse native code that is not for it: linux-arm64" },
    "gateway-only": { type: "boolean", summary: "a build of the public door alone" },
  },
  async run(input) {
    const appDir = appFolder(input.positionals[0]);
    const output = stringOption(input, "output");
    const outDir = output === undefined ? productionBuildDir(appDir) : resolve(output);
    const unit = unitOf(input);
    const startFile = fileURLToPath(new URL("../start/main.js", import.meta.url));
    const wholeDir = unit === undefined ? outDir : `${outDir}.whole`;
    const result = await buildProduction({
      appDir,
      outDir: wholeDir,
      checkTypes: !booleanOption(input, "no-check"),
      extraFiles: await extraFiles(appDir),
      startFile,
      ...platformOf(input),
    });
    process.stderr.write(renderDiagnostics(result.diagnostics, appDir));
    if (!result.ok) return 1;
    if (unit !== undefined) {
      await cutBuild({ buildDir: wholeDir, outDir, startFile, ...unit }).finally(() =>
        rm(wholeDir, { recursive: true, force: true }),
      );
      process.stdout.write(`built ${unit.gateway ? "the public door" : unit.services.join(", ")} into ${outDir}\n`);
      return 0;
    }
    process.stdout.write(`built ${result.graph?.services.map((service) => service.name).join(", ")} into ${outDir}\n`);
    return 0;
  },
};

/** undefined: all of the app. */
function unitOf(input: CommandInput): GraphUnit | undefined {
  const services = listOption(input, "services");
  const gateway = booleanOption(input, "gateway-only");
  if (services !== undefined && gateway) throw new UsageError("--services and --gateway-only exclude each other");
  return services === undefined && !gateway ? undefined : { services: services ?? [], gateway };
}

/** As Node names them: "linux-arm64". Docker's names for the same are understood too: "linux/amd64". */
function platformOf(input: CommandInput): { platform?: Platform } {
  const text = stringOption(input, "platform");
  if (text === undefined) return {};
  const [, os, cpu] = /^([a-z0-9]+)[-/]([a-z0-9]+)$/.exec(text) ?? [];
  if (os === undefined || cpu === undefined) throw new UsageError(`--platform must be like linux-arm64, got "${text}"`);
  return { platform: { os, cpu: cpu === "amd64" ? "x64" : cpu } };
}

/** What a build takes along besides code: the encrypted secrets, without their key, and of which sources it is. */
async function extraFiles(appDir: string): Promise<Record<string, string>> {
  const [revision, encrypted] = await Promise.all([readGitRevision(appDir), readEncryptedFile(appDir)]);
  return {
    [REVISION_FILE]: `${JSON.stringify(revision)}\n`,
    ...(encrypted === undefined ? {} : { [ENCRYPTED_FILE]: encrypted }),
  };
}
