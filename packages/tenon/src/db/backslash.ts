// Commands of the shell that begin with a backslash.
import type { Console } from "@tenon/runtime/console";
import { listQueries, tableColumns, tableDetails, tableKind } from "./backslash-queries.ts";
import { describeStatementFailure } from "./describe-failure.ts";
import { type OutputForm, printResult } from "./print-result.ts";

/** What the commands change. */
export interface ShellState {
  form: OutputForm;
  isTiming: boolean;
  /** Of the database the shell is in. */
  database: string;
}

export interface ShellSession {
  readonly console: Console;
  readonly state: ShellState;
  /** Goes to another database of the app. Throws CommandError `unknown_database`. */
  readonly connect: (database: string) => Promise<void>;
}

const others: Readonly<Record<string, string>> = {
  "\\c [NAME]": "which database this is; go to another one of the app",
  "\\x": "one column a line, or as a table again",
  "\\timing": "say how long statements take, or no longer",
  "\\?": "this help",
  "\\q": "leave (also Ctrl-D)",
};

/** false: the shell is to end. */
export async function runBackslash(line: string, session: ShellSession): Promise<boolean> {
  const [, name = "", rest = ""] = /^\\(\S*)\s*(.*?)\s*;?$/s.exec(line) ?? [];
  const { state } = session;
  const withoutPlus = name.replace(/\+$/, "");
  if (name === "q" || name === "quit") return false;
  if (name === "?" || name === "h") print(help());
  else if (name === "x") toggleExpanded(state);
  else if (name === "timing") toggleTiming(state);
  else if (name === "c" || name === "connect") await changeDatabase(rest, session);
  else if (withoutPlus === "d" && rest !== "" && !/[*?]/.test(rest)) await describeTable(rest, session);
  else if (Object.hasOwn(listQueries, withoutPlus)) await showList(withoutPlus, rest, session);
  else print(`there is no command \\${name}; \\? lists them`);
  return true;
}

function help(): string {
  const lists = Object.entries(listQueries).map(([name, query]) => [`\\${name} [PATTERN]`, query.help] as const);
  const rows = [...lists, ...Object.entries(others)];
  const width = Math.max(...rows.map(([command]) => command.length));
  const statement =
    "A statement ends with a semicolon and may take several lines; Ctrl-C drops what is typed, or stops what runs.";
  return [...rows.map(([command, text]) => `  ${command.padEnd(width)}  ${text}`), "", statement].join("\n");
}

function toggleExpanded(state: ShellState): void {
  state.form = state.form === "expanded" ? "table" : "expanded";
  print(`expanded display is ${state.form === "expanded" ? "on" : "off"}`);
}

function toggleTiming(state: ShellState): void {
  state.isTiming = !state.isTiming;
  print(`timing is ${state.isTiming ? "on" : "off"}`);
}

async function changeDatabase(name: string, { state, connect }: ShellSession): Promise<void> {
  if (name !== "") await connect(name);
  print(`this is the database ${state.database}`);
}

async function showList(name: string, pattern: string, { console, state }: ShellSession): Promise<void> {
  const like =
    pattern === ""
      ? "%"
      : pattern
          .replace(/[\\%_]/g, "\\$&")
          .replaceAll("*", "%")
          .replaceAll("?", "_");
  const { text, hasPattern } = listQueries[name]!;
  printResult(await console.run(text, hasPattern ? [like] : []), state.form);
}

async function describeTable(table: string, { console, state }: ShellSession): Promise<void> {
  try {
    const kind = await console.run(tableKind, [table]);
    print(kind.rows[0]?.[0] ?? table);
    printResult(await console.run(tableColumns, [table]), state.form);
    for (const [heading, text] of tableDetails) {
      const { rows } = await console.run(text, [table]);
      if (rows.length > 0) print([`${heading}:`, ...rows.map(([line]) => `    ${line}`)].join("\n"));
    }
  } catch (error) {
    print(describeStatementFailure(error, table));
  }
}

function print(text: string): void {
  process.stdout.write(`${text}\n`);
}
