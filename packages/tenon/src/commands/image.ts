// `tenon image`: OCI images of a production build, written without Docker; into an archive or a folder, and with `--push` into a registry.
import { readFile } from "node:fs/promises";
import { join, relative, resolve, sep } from "node:path";
import { readAppSettings } from "@tenon/compiler";
import {
  deriveDeployment,
  dockerfile,
  imageSettings,
  optionName,
  planFiles,
  readSettings,
  writeFiles,
} from "@tenon/deploy";
import type { Graph } from "@tenon/model";
import { imageJson, imageText } from "../image/image-text.ts";
import { makeImages, type ImageRequest } from "../image/make-images.ts";
import { appFolder } from "./app-folder.ts";
import {
  booleanOption,
  type Command,
  type CommandInput,
  type CommandOption,
  listOption,
  stringOption,
  UsageError,
} from "./definition.ts";
import { planText } from "./deploy-text.ts";
import { productionBuildFolder } from "./production-build.ts";

export const imageCommand: Command = {
  name: "image",
  summary: "Makes OCI images of a production build, without Docker",
  positionals: ["build-dir"],
  options: {
    output: {
      type: "string",
      short: "o",
      value: "PLACE",
      summary: "a file (.tar) or a folder for the images (.tenon/image.tar)",
    },
    push: { type: "boolean", summary: "put them into the registry that --image-prefix names" },
    services: { type: "string", value: "A,B", summary: "one image of these services only" },
    placement: {
      type: "string",
      value: "P",
      summary: "with --per-unit: single or per-service (placement in tenon.json)",
    },
    insecure: { type: "boolean", summary: "speak http with registries, also those on other machines" },
    dockerfile: { type: "boolean", summary: "write a Dockerfile for the build instead of an image" },
    json: { type: "boolean", summary: "one JSON object for each image" },
    ...settingOptions(),
  },
  async run(input) {
    const buildDir = productionBuildFolder(input.positionals[0]);
    const appDir = appFolder(input.positionals[0]);
    const request = readRequest(input, appDir, buildDir);
    if (booleanOption(input, "dockerfile")) return writeDockerfile(request, stringOption(input, "output"));
    for await (const { image, pushed } of makeImages(request)) {
      process.stdout.write((booleanOption(input, "json") ? imageJson : imageText)(image, pushed));
    }
    return 0;
  },
};

function settingOptions(): Record<string, CommandOption> {
  return Object.fromEntries(
    Object.entries(imageSettings).map(([name, { type, summary, value }]) => [
      optionName(name),
      { type: type === "boolean" ? "boolean" : "string", summary, ...(value && { value }) } as const,
    ]),
  );
}

function readRequest(input: CommandInput, appDir: string, buildDir: string): ImageRequest {
  const file = readAppSettings(appDir);
  const given = Object.keys(imageSettings).map((name) => [name, input.values[optionName(name)]] as const);
  const target = { name: "image", settings: imageSettings };
  const ofImage = (file["deploy"] as Readonly<Record<string, unknown>> | undefined)?.["image"];
  const settings = readSettings(
    target,
    ofImage,
    Object.fromEntries(given) as Record<string, string | true | undefined>,
  );
  const isPushed = booleanOption(input, "push");
  const services = listOption(input, "services");
  if (services !== undefined && settings["perUnit"] === true)
    throw new UsageError("--services and --per-unit exclude each other");
  const output = stringOption(input, "output") ?? (isPushed ? undefined : join(appDir, ".tenon", "image.tar"));
  return {
    appDir,
    buildDir,
    base: settings["base"] as string,
    node: settings["node"] as string | undefined,
    platforms: settings["platform"] as readonly string[],
    imagePrefix: settings["imagePrefix"] as string | undefined,
    tag: settings["tag"] as string,
    isPerUnit: settings["perUnit"] as boolean,
    labels: settings["label"] as readonly string[],
    services,
    placement: stringOption(input, "placement") ?? file["placement"],
    output: output === undefined ? undefined : resolve(output),
    isPushed,
    isInsecure: booleanOption(input, "insecure"),
  };
}

/** Beside the app, whose folder is what Docker is given; a person's edits are left alone. */
async function writeDockerfile({ appDir, buildDir, base }: ImageRequest, output: string | undefined): Promise<number> {
  const outDir = output === undefined ? appDir : resolve(output);
  const build = relative(outDir, buildDir).split(sep).join("/");
  if (build.startsWith("..")) {
    throw new UsageError(`the build ${buildDir} must be inside of ${outDir}: Docker copies nothing from outside`);
  }
  const graph = JSON.parse(await readFile(join(buildDir, "app.json"), "utf8")) as Graph;
  const files = dockerfile({ base, title: deriveDeployment(graph, "single").app, build });
  const plan = await planFiles(outDir, files);
  await writeFiles(outDir, "image", files, plan);
  process.stdout.write(planText(relative(process.cwd(), outDir) || ".", plan, files.length));
  return plan.some(({ action }) => action === "beside" || action === "orphan") ? 1 : 0;
}
