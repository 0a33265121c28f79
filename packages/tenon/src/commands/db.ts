// `tenon db list|shell|query|reset|url`: the databases of the running app, or with --infra those of production.
import { join } from "node:path";
import { text as readAll } from "node:stream/consumers";
import { openConsole } from "@tenon/runtime/console";
import { choosePlace, type DatabasePlace, databasesOfDev, databasesOfInfra } from "../db/database-places.ts";
import { describeDatabase, overviewLine } from "../db/list-databases.ts";
import type { OutputForm } from "../db/print-result.ts";
import { requireConsent, resetDatabase } from "../db/reset-database.ts";
import { runScript } from "../db/run-script.ts";
import { appFolder } from "./app-folder.ts";
import { booleanOption, type Command, type CommandInput, stringOption, UsageError } from "./definition.ts";

const actions = ["list", "shell", "query", "reset", "url"];

export const dbCommand: Command = {
  name: "db",
  summary: "Lists the app's databases, opens a shell in one, runs a query, empties one, prints its address",
  positionals: ["list|shell|query|reset|url", "database", "statement"],
  options: {
    app: { type: "string", value: "DIR", summary: "the app's folder (nearest)" },
    infra: { type: "string", value: "FILE", summary: "the databases of this infra.json, instead of the running app's" },
    all: { type: "boolean", summary: "reset: every database of the app" },
    yes: { type: "boolean", summary: "reset: also on a server that DATABASE_URL names" },
    json: { type: "boolean", summary: "print JSON, one object a row" },
    csv: { type: "boolean", summary: "query: print CSV with a head" },
  },
  async run(input) {
    const [action = "list"] = input.positionals;
    if (!actions.includes(action)) throw new UsageError(`db knows ${actions.join(", ")}, not "${action}"`);
    const infra = stringOption(input, "infra");
    if (action === "reset" && infra !== undefined)
      throw new UsageError("db reset is for development; it takes no --infra");
    const places =
      infra === undefined ? await databasesOfDev(stringOption(input, "app")) : await databasesOfInfra(infra);
    if (action === "list") return list(places, booleanOption(input, "json"));
    if (action === "reset") return reset(places, input);
    if (action === "url") return printUrl(choosePlace(places, input.positionals[1]));
    return action === "shell" ? shell(places, input) : query(places, input);
  },
};

async function list(places: readonly DatabasePlace[], asJson: boolean): Promise<number> {
  for (const overview of await Promise.all(places.map(describeDatabase)))
    print(asJson ? JSON.stringify(overview) : overviewLine(overview));
  return 0;
}

function printUrl(place: DatabasePlace): number {
  print(place.connectionString);
  return 0;
}

async function query(places: readonly DatabasePlace[], input: CommandInput): Promise<number> {
  const [, first, second] = input.positionals;
  // With one database its name can be left out: then the only argument is the statement.
  const isStatement = second === undefined && first !== undefined && /\s/.test(first);
  const place = choosePlace(places, isStatement ? undefined : first);
  const statement = isStatement ? first : second;
  if (statement === undefined && process.stdin.isTTY)
    throw new UsageError('db query needs a statement: tenon db query DATABASE "SELECT ...", or on standard input');
  return script(place, statement ?? (await readAll(process.stdin)), formOf(input));
}

async function shell(places: readonly DatabasePlace[], input: CommandInput): Promise<number> {
  const place = choosePlace(places, input.positionals[1]);
  if (!process.stdin.isTTY) return script(place, await readAll(process.stdin), formOf(input));
  const { runShell } = await import("../db/shell.ts");
  const { stdin, stdout } = process;
  // Statements against production are nobody else's business on this machine.
  const inApp = stringOption(input, "infra") === undefined;
  const history = inApp ? { historyFile: join(appFolder(stringOption(input, "app")), ".tenon", "db-history") } : {};
  return runShell({ places, place, form: formOf(input), input: stdin, output: stdout, ...history });
}

async function script(place: DatabasePlace, text: string, form: OutputForm): Promise<number> {
  const tell = (message: string): void => void process.stderr.write(`${message}\n`);
  const console = await openConsole(place.connectionString, place.name, tell);
  try {
    return await runScript(console, text, form);
  } finally {
    await console.close();
  }
}

async function reset(places: readonly DatabasePlace[], input: CommandInput): Promise<number> {
  const [, name] = input.positionals;
  const isAll = booleanOption(input, "all");
  if ((name === undefined) !== isAll) throw new UsageError("db reset needs the name of a database, or --all");
  const chosen = isAll ? places.filter(({ own }) => own?.declaration !== undefined) : [choosePlace(places, name)];
  requireConsent(chosen, booleanOption(input, "yes"));
  for (const place of chosen) {
    const migrations = await resetDatabase(place);
    const text = `${place.name}: empty, with ${migrations.length} migrations applied`;
    print(booleanOption(input, "json") ? JSON.stringify({ database: place.name, migrations }) : text);
  }
  return 0;
}

function formOf(input: CommandInput): OutputForm {
  const [asJson, asCsv] = [booleanOption(input, "json"), booleanOption(input, "csv")];
  if (asJson && asCsv) throw new UsageError("--json and --csv exclude each other");
  return asJson ? "json" : asCsv ? "csv" : "table";
}

function print(line: string): void {
  process.stdout.write(`${line}\n`);
}
