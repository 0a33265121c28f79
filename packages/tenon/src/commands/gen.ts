// `tenon gen client`: a client of the app for front ends and others, or its OpenAPI document. Needs the source alone, no running app.
import { existsSync } from "node:fs";
import { mkdir, writeFile } from "node:fs/promises";
import { dirname, resolve } from "node:path";
import { createCompiler, readApp } from "@tenon/compiler";
import type { Graph } from "@tenon/model";
import { appFolder } from "./app-folder.ts";
import { scratchBuildDir } from "./build-folders.ts";
import {
  booleanOption,
  type Command,
  CommandError,
  type CommandInput,
  listOption,
  stringOption,
  UsageError,
} from "./definition.ts";
import { renderDiagnostics } from "./diagnostics-text.ts";
import { clientLanguage, clientText } from "./gen-client.ts";

const defaultServer = "http://localhost:4000";

export const genCommand: Command = {
  name: "gen",
  summary: "Writes a client of the app or its OpenAPI document (gen client)",
  positionals: ["client", "dir"],
  options: {
    lang: {
      type: "string",
      short: "l",
      value: "L",
      summary: "typescript, javascript or openapi (by the ending of the file)",
    },
    output: { type: "string", short: "o", value: "FILE", summary: "where to write it (standard output)" },
    services: { type: "string", short: "s", value: "A,B", summary: "only these services" },
    "excluded-services": { type: "string", short: "x", value: "A,B", summary: "not these services" },
    tags: { type: "string", short: "t", value: "A,B", summary: "only endpoints with one of these tags" },
    "excluded-tags": { type: "string", value: "A,B", summary: "no endpoints with one of these tags" },
    env: {
      type: "string",
      short: "e",
      value: "local",
      summary: "for scripts of `encore gen client`: the app as it is here",
    },
    private: { type: "boolean", summary: "also endpoints that are not exposed" },
    server: { type: "string", value: "URL", summary: `where the app is reached (${defaultServer})` },
    "environment-url": { type: "string", value: "URL", summary: "address of environments, with {name} in it" },
  },
  async run(input) {
    const [action, dir] = input.positionals;
    if (action !== "client") throw new UsageError(`gen knows client, not "${action ?? ""}"`);
    const output = stringOption(input, "output");
    const language = clientLanguage(stringOption(input, "lang"), output);
    const environment = stringOption(input, "env") ?? "local";
    if (environment !== "local")
      throw new UsageError(`--env can only be local: the app as it is here, not "${environment}"`);
    const options = readOptions(input);
    const graph = await analyse(await appFolderOrId(dir));
    if (graph === null) return 1;
    checkServices([...(options.services ?? []), ...(options.excludedServices ?? [])], graph);
    const text = clientText(graph, language, options);
    if (output === undefined) process.stdout.write(text);
    else {
      const file = resolve(output);
      await mkdir(dirname(file), { recursive: true });
      await writeFile(file, text);
    }
    return 0;
  },
};

/** Scripts of `encore gen client` name the app by its id. */
async function appFolderOrId(word: string | undefined): Promise<string> {
  if (word === undefined || existsSync(word)) return appFolder(word);
  const nearest = appFolder(undefined);
  return (await readApp(nearest)).id === word ? nearest : appFolder(word);
}

async function analyse(appDir: string): Promise<Graph | null> {
  const compiler = await createCompiler({ appDir, outDir: scratchBuildDir(appDir), mode: "development" });
  try {
    const { ok, graph, diagnostics } = await compiler.build();
    process.stderr.write(renderDiagnostics(diagnostics, appDir));
    return ok ? graph : null;
  } finally {
    await compiler.close();
  }
}

function readOptions(input: CommandInput) {
  const lists = {
    services: listOption(input, "services"),
    excludedServices: listOption(input, "excluded-services"),
    tags: listOption(input, "tags"),
    excludedTags: listOption(input, "excluded-tags"),
    environmentUrl: environmentOption(input),
  };
  return {
    localUrl: urlOption(input, "server") ?? defaultServer,
    includePrivate: booleanOption(input, "private"),
    ...(Object.fromEntries(Object.entries(lists).filter(([, value]) => value !== undefined)) as Given<typeof lists>),
  };
}

/** What is left when nothing is undefined any more. */
type Given<Options> = { readonly [Name in keyof Options]?: NonNullable<Options[Name]> };

/** A name that no service has would silently give less than was asked for. */
function checkServices(names: readonly string[], graph: Graph): void {
  const known = graph.services.map(({ name }) => name);
  const unknown = names.find((name) => !known.includes(name));
  if (unknown === undefined) return;
  throw new CommandError("no_such_service", `the app has no service "${unknown}"`, `It has ${known.join(", ")}.`);
}

function urlOption(input: CommandInput, name: string): string | undefined {
  const text = stringOption(input, name);
  if (text !== undefined && !/^https?:$/.test(URL.canParse(text) ? new URL(text).protocol : "")) {
    throw new UsageError(`--${name} must be an http or https address, got "${text}"`);
  }
  return text;
}

function environmentOption(input: CommandInput): string | undefined {
  const text = urlOption(input, "environment-url");
  if (text !== undefined && !text.includes("{name}")) {
    throw new UsageError(`--environment-url must have {name} where the environment's name goes, got "${text}"`);
  }
  return text;
}
