// The text of `tenon --help` and `tenon <verb> --help`.
import type { Command } from "./definition.ts";

export function renderOverview(commands: readonly Command[], version: string): string {
  const width = Math.max(...commands.map((command) => command.name.length));
  const lines = commands.map((command) => `  ${command.name.padEnd(width)}  ${command.summary}`);
  return `Tenon ${version}: plain typed functions become microservices

Usage: tenon <command> [dir] [options]

${lines.join("\n")}

\`tenon <command> --help\` tells more. dir defaults to the nearest folder with an app.
`;
}

export function renderHelp(command: Command): string {
  const positionals = command.positionals.map((name) => ` [${name}]`).join("");
  const options: Command["options"] = {
    ...command.options,
    help: { type: "boolean", short: "h", summary: "this text" },
  };
  const rows = Object.entries(options).map(([name, option]) => [
    `${option.short === undefined ? "" : `-${option.short}, `}--${name}${option.type === "string" ? ` ${option.value ?? "VALUE"}` : ""}`,
    option.summary,
  ]);
  const width = Math.max(...rows.map(([flag]) => (flag as string).length));
  return `${command.summary}

Usage: tenon ${command.name}${positionals} [options]${command.rest === undefined ? "" : ` [-- ${command.rest}]`}

${rows.map(([flag, summary]) => `  ${(flag as string).padEnd(width)}  ${summary}`).join("\n")}
`;
}
