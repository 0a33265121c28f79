// `tenon infra check|init`: whether an infra.json holds what a process of the app needs, and a first one to begin with.
import { existsSync } from "node:fs";
import { readFile, writeFile } from "node:fs/promises";
import { dirname, join, relative, resolve } from "node:path";
import type { Graph } from "@tenon/model";
import { readEncryptedSecrets } from "../secrets/encrypted-file.ts";
import { readMountedSecrets } from "../secrets/mounted-secrets.ts";
import { checkInfra } from "../start/check-infra.ts";
import { type HostingOptions, readHosting } from "../start/hosting.ts";
import { isContent, nameOf } from "../start/infra.ts";
import { starterInfra, variablesOf } from "../start/infra-init.ts";
import type { StarterBroker } from "../start/infra-starter.ts";
import { noInfra } from "../start/no-infra.ts";
import { appFolder } from "./app-folder.ts";
import {
  booleanOption,
  type Command,
  CommandError,
  type CommandInput,
  stringOption,
  UsageError,
} from "./definition.ts";
import { reportAsJson, reportText } from "./infra-text.ts";

const brokers: readonly StarterBroker[] = ["postgres", "nats", "redis", "nsq", "gcp_pubsub", "aws_sns_sqs"];

export const infraCommand: Command = {
  name: "infra",
  summary: "Checks an infra.json against what the app needs (check), or writes a first one (init)",
  positionals: ["check|init", "dir"],
  options: {
    infra: { type: "string", value: "FILE", summary: "check: the file (TENON_INFRA, else infra.json)" },
    services: { type: "string", value: "A,B", summary: "for a process that hosts only these" },
    "gateway-only": { type: "boolean", summary: "for the public door alone" },
    "no-gateway": { type: "boolean", summary: "for services without the public door" },
    "without-values": { type: "boolean", summary: "check: variables, files and secret stores need not be there" },
    output: { type: "string", short: "o", value: "FILE", summary: "init: where it goes (infra.json)" },
    broker: { type: "string", value: "NAME", summary: `init: what keeps messages: ${brokers.join(", ")} (postgres)` },
    json: { type: "boolean", summary: "check: print JSON, one finding a line" },
  },
  async run(input) {
    const [action, dir] = input.positionals;
    if (action !== "check" && action !== "init")
      throw new UsageError(`infra knows check and init, not "${action ?? ""}"`);
    const app = await findApp(dir);
    if (app === null) return 1;
    return action === "check" ? check(app, input) : init(app, input);
  },
};

interface FoundApp {
  readonly graph: Graph;
  /** Of the app or the build. */
  readonly folder: string;
}

/** `dir` is a build's folder, or an app, whose sources are read. null: the analysis failed. */
async function findApp(dir: string | undefined): Promise<FoundApp | null> {
  const build = dir === undefined ? undefined : resolve(dir);
  if (build !== undefined && existsSync(join(build, "main.js"))) {
    return { graph: JSON.parse(await readFile(join(build, "app.json"), "utf8")) as Graph, folder: build };
  }
  const folder = appFolder(dir);
  // With it comes the compiler, which a build's graph does not need.
  const { readAppGraph } = await import("./app-graph.ts");
  const graph = await readAppGraph(folder);
  return graph === null ? null : { graph, folder };
}

function hostingOptions(input: CommandInput): HostingOptions {
  return {
    services: stringOption(input, "services"),
    gatewayOnly: booleanOption(input, "gateway-only"),
    noGateway: booleanOption(input, "no-gateway"),
  };
}

async function check({ graph, folder }: FoundApp, input: CommandInput): Promise<number> {
  const { env } = process;
  const named = stringOption(input, "infra") ?? env["TENON_INFRA"] ?? env["ENCORE_INFRA_CONFIG_PATH"];
  const file = named !== undefined && isContent(named) ? named : resolve(named ?? "infra.json");
  const names = graph.secrets.map(({ name }) => name);
  const [mounted, encrypted] = await Promise.all([readMountedSecrets(names, env), readEncryptedSecrets(folder, env)]);
  const report = await checkInfra(graph, {
    ...hostingOptions(input),
    file,
    environment: env,
    secrets: { mounted, encrypted: encrypted.values },
    withoutValues: booleanOption(input, "without-values"),
  });
  process.stdout.write(
    booleanOption(input, "json")
      ? reportAsJson(report)
      : reportText(isContent(file) ? nameOf(file) : shown(file), report),
  );
  return report.problems.length + report.missing.length === 0 ? 0 : 1;
}

async function init({ graph, folder }: FoundApp, input: CommandInput): Promise<number> {
  const broker = brokers.find((one) => one === (stringOption(input, "broker") ?? "postgres"));
  if (broker === undefined) throw new UsageError(`--broker must be one of ${brokers.join(", ")}`);
  const file = resolve(stringOption(input, "output") ?? "infra.json");
  const hosting = readHosting(graph, hostingOptions(input), noInfra);
  const content = starterInfra(graph, { hosting, broker, schema: schemaFrom(dirname(file), folder) });
  await writeNew(file, `${JSON.stringify(content, undefined, 2)}\n`);
  process.stdout.write(`${shown(file)}: written; it reads these environment variables\n`);
  const variables = variablesOf(content);
  const width = Math.max(0, ...variables.map(([name]) => name.length));
  for (const [name, at] of variables) process.stdout.write(`  ${name.padEnd(width)}  ${at}\n`);
  return 0;
}

/** The package as an editor finds it from the file; where it is not installed above it, as it will be in the app's folder. */
function schemaFrom(folder: string, appDir: string): string {
  const schema = join("node_modules", "tenon", "infra.schema.json");
  const above = (dir: string): string | undefined => {
    if (existsSync(join(dir, schema))) return dir;
    return dirname(dir) === dir ? undefined : above(dirname(dir));
  };
  const path = relative(folder, join(above(folder) ?? above(appDir) ?? appDir, schema)).replaceAll("\\", "/");
  return path.startsWith(".") ? path : `./${path}`;
}

function shown(file: string): string {
  const path = relative(process.cwd(), file);
  return path.startsWith("..") ? file : path;
}

async function writeNew(file: string, text: string): Promise<void> {
  await writeFile(file, text, { flag: "wx" }).catch((error: NodeJS.ErrnoException) => {
    if (error.code === "EEXIST") {
      const hint = "`tenon infra check` tells what is missing in it; name another file with -o.";
      throw new CommandError("infra_exists", `${file} is there already`, hint);
    }
    throw new CommandError(
      "infra_not_written",
      `${file} can't be written: ${error.message}`,
      "Name another file with -o.",
    );
  });
}
