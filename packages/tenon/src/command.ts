// The `tenon` command: finds the verb, parses its options strictly, runs it, and turns what it throws into a readable line and an exit
// code (0 success, 1 the app or request is at fault, 2 wrong usage, 3 Tenon itself failed).
import { parseArgs } from "node:util";
import { type Command, UsageError } from "./commands/definition.ts";
import { describeFailure } from "./commands/failure.ts";
import { renderHelp, renderOverview } from "./commands/help.ts";
import { loadCommand, loadCommands } from "./commands/registry.ts";
import { version } from "./version.ts";

/** Runs one command line (without node and script); resolves with the exit code. */
export async function main(args: readonly string[]): Promise<number> {
  const [verb, ...rest] = args;
  if (verb === undefined || verb === "help" || verb === "--help" || verb === "-h") {
    process.stdout.write(renderOverview(await loadCommands(), version));
    return verb === undefined ? 2 : 0;
  }
  if (verb === "--version" || verb === "-v" || verb === "version") {
    process.stdout.write(`${version}\n`);
    return 0;
  }
  const command = await loadCommand(verb);
  if (command === undefined) {
    process.stderr.write(`tenon: there is no command "${verb}". \`tenon --help\` lists them.\n`);
    return 2;
  }
  try {
    return await run(command, rest);
  } catch (error) {
    const failure = describeFailure(error, command);
    process.stderr.write(failure.text);
    return failure.exitCode;
  }
}

async function run(command: Command, args: readonly string[]): Promise<number> {
  const end = command.rest === undefined ? -1 : args.indexOf("--");
  const parsed = parse(command, end === -1 ? args : args.slice(0, end));
  if (parsed.values["help"] === true) {
    process.stdout.write(renderHelp(command));
    return 0;
  }
  const takesMany = command.positionals.at(-1)?.endsWith("...") === true;
  if (!takesMany && parsed.positionals.length > command.positionals.length) {
    throw new UsageError(`unexpected argument "${parsed.positionals[command.positionals.length]}"`);
  }
  const rest = end === -1 ? [] : args.slice(end + 1);
  return command.run({ values: parsed.values, positionals: parsed.positionals, rest });
}

function parse(command: Command, args: readonly string[]) {
  const options = Object.fromEntries(
    Object.entries(command.options).map(([name, { type, short }]) => [
      name,
      short === undefined ? { type } : { type, short },
    ]),
  );
  try {
    return parseArgs({
      args: [...args],
      options: { ...options, help: { type: "boolean", short: "h" } },
      allowPositionals: true,
      strict: true,
    });
  } catch (error) {
    throw new UsageError((error as Error).message.split(". To specify")[0] ?? "wrong usage");
  }
}
