// `tenon deploy <target>`: writes the files that run the app somewhere, or with `--diff` says what would change in them.
import { join, relative, resolve } from "node:path";
import { readAppSettings } from "@tenon/compiler";
import {
  deriveDeployment,
  findTarget,
  type GeneratedFile,
  optionName,
  planFiles,
  type PlannedFile,
  readPlacement,
  readSettings,
  type Target,
  type TargetInput,
  targets,
  writeFiles,
} from "@tenon/deploy";
import { appFolder } from "./app-folder.ts";
import { readAppGraph } from "./app-graph.ts";
import {
  booleanOption,
  type Command,
  type CommandInput,
  type CommandOption,
  stringOption,
  UsageError,
} from "./definition.ts";
import { diffText, planText } from "./deploy-text.ts";

export const deployCommand: Command = {
  name: "deploy",
  summary: `Writes the files that run the app somewhere (deploy ${targets.map(({ name }) => name).join("|")})`,
  positionals: ["target", "dir"],
  options: {
    output: { type: "string", short: "o", value: "DIR", summary: "where the files go (deploy/<target>)" },
    placement: {
      type: "string",
      value: "P",
      summary: "single or per-service (placement in tenon.json, else per-service)",
    },
    diff: { type: "boolean", summary: "write nothing: tell what would change, resource by resource" },
    json: { type: "boolean", summary: "with --diff: the changes as JSON, one a line" },
    ...settingOptions(),
  },
  async run(input) {
    const [name, dir] = input.positionals;
    if (name === undefined)
      throw new UsageError(`which target? There are ${targets.map((one) => one.name).join(", ")}`);
    const target = findTarget(name);
    const appDir = appFolder(dir);
    const outDir = resolve(
      stringOption(input, "output") ?? join(appDir, target.outputFolder ?? join("deploy", target.name)),
    );
    const targetInput = await readInput(target, appDir, input);
    if (targetInput === null) return 1;
    const files = target.render(targetInput);
    const plan = await planFiles(outDir, files);
    if (booleanOption(input, "diff")) {
      process.stdout.write(diffText(target, plan, booleanOption(input, "json")));
      return 0;
    }
    await writeFiles(outDir, target.name, files, plan);
    return report(target, targetInput, outDir, plan, files);
  },
};

/** Of all targets: what one of them does not know is told when it is given to it. */
function settingOptions(): Record<string, CommandOption> {
  const options: Record<string, CommandOption> = {};
  for (const { settings } of targets) {
    for (const [name, { type, summary, value }] of Object.entries(settings)) {
      if (value !== undefined || type === "boolean") {
        options[optionName(name)] ??= {
          type: type === "boolean" ? "boolean" : "string",
          summary,
          ...(value && { value }),
        };
      }
    }
  }
  return options;
}

async function readInput(target: Target, appDir: string, input: CommandInput): Promise<TargetInput | null> {
  const file = readAppSettings(appDir);
  const ofTargets = file["deploy"] as Readonly<Record<string, unknown>> | undefined;
  const settings = readSettings(target, ofTargets?.[target.name], commandLineSettings(target, input));
  const placement = readPlacement(stringOption(input, "placement") ?? file["placement"]);
  const graph = await readAppGraph(appDir);
  if (graph === null) return null;
  return { deployment: deriveDeployment(graph, placement), graph, settings };
}

function commandLineSettings(target: Target, input: CommandInput): Record<string, string | true> {
  const given: Record<string, string | true> = {};
  for (const other of targets) {
    for (const name of Object.keys(other.settings)) {
      const value = input.values[optionName(name)];
      if (typeof value !== "string" && value !== true) continue;
      if (!Object.hasOwn(target.settings, name)) {
        throw new UsageError(`--${optionName(name)} is no setting of ${target.name}`);
      }
      given[name] = value;
    }
  }
  return given;
}

function report(
  target: Target,
  input: TargetInput,
  outDir: string,
  plan: readonly PlannedFile[],
  files: readonly GeneratedFile[],
): number {
  const folder = relative(process.cwd(), outDir) || ".";
  process.stdout.write(planText(folder, plan, files.length));
  const isHeldUp = plan.some(({ action }) => action === "beside" || action === "orphan");
  if (isHeldUp) return 1;
  for (const step of target.nextSteps(input)) process.stdout.write(`  ${step}\n`);
  return 0;
}
