// The shell of `tenon db`: reads statements of one or more lines at a terminal, runs them and shows what they give. A failed statement
// ends nothing.
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { createInterface, type Interface } from "node:readline";
import { type Console, completeStatements, openConsole } from "@tenon/runtime/console";
import { CommandError } from "../commands/definition.ts";
import { runBackslash, type ShellSession, type ShellState } from "./backslash.ts";
import { choosePlace, type DatabasePlace } from "./database-places.ts";
import { describeStatementFailure } from "./describe-failure.ts";
import { type OutputForm, printResult } from "./print-result.ts";

const mostHistory = 500;

export interface ShellOptions {
  readonly places: readonly DatabasePlace[];
  readonly place: DatabasePlace;
  readonly form: OutputForm;
  /** Keeps what was typed from one time to the next; absent: not kept. */
  readonly historyFile?: string;
  readonly input: NodeJS.ReadStream;
  readonly output: NodeJS.WriteStream;
}

export async function runShell(options: ShellOptions): Promise<number> {
  const shell = new Shell(options, await openSession(options.place));
  return shell.run();
}

function openSession(place: DatabasePlace): Promise<Console> {
  return openConsole(place.connectionString, place.name, (message) => process.stdout.write(`${message}\n`));
}

class Shell {
  readonly #options: ShellOptions;
  readonly #state: ShellState;
  readonly #terminal: Interface;
  #console: Console;
  /** Lines of a statement that has not come to its semicolon. */
  #typed = "";
  #isRunning = false;

  constructor(options: ShellOptions, console: Console) {
    this.#options = options;
    this.#console = console;
    this.#state = { form: options.form, isTiming: false, database: options.place.name };
    this.#terminal = createInterface({
      input: options.input,
      output: options.output,
      terminal: true,
      historySize: mostHistory,
      history: readHistory(options.historyFile),
      removeHistoryDuplicates: true,
    });
  }

  async run(): Promise<number> {
    this.#print(`${this.#state.database}: statements end with a semicolon; \\? for help, \\q to leave`);
    this.#terminal.on("history", (history: string[]) => keepHistory(this.#options.historyFile, history));
    this.#terminal.on("SIGINT", () => this.#interrupt());
    this.#prompt();
    for await (const line of this.#terminal) {
      if (!(await this.#take(line))) break;
      this.#prompt();
    }
    this.#terminal.close();
    await this.#console.close();
    return 0;
  }

  /** false: the shell is to end. */
  async #take(line: string): Promise<boolean> {
    if (this.#typed === "" && /^\s*(exit|quit)\s*;?\s*$/i.test(line)) return false;
    this.#isRunning = true;
    try {
      if (this.#typed === "" && line.trimStart().startsWith("\\"))
        return await runBackslash(line.trim(), this.#session());
      const { complete, rest } = completeStatements(`${this.#typed}${line}\n`);
      this.#typed = rest;
      for (const { text } of complete) await this.#execute(text.trim());
    } catch (error) {
      await this.#tell(error);
    } finally {
      this.#isRunning = false;
    }
    return true;
  }

  async #execute(text: string): Promise<void> {
    const startedAt = performance.now();
    try {
      printResult(await this.#console.run(text), this.#state.form);
    } catch (error) {
      this.#print(describeStatementFailure(error, text));
    }
    if (this.#state.isTiming) this.#print(`${(performance.now() - startedAt).toFixed(1)} ms`);
  }

  /** A lost connection is made anew; the statement is not repeated, as nobody knows what became of it. */
  async #tell(error: unknown): Promise<void> {
    this.#print((error as Error).message);
    if (error instanceof CommandError) return;
    const place = choosePlace(this.#options.places, this.#state.database);
    this.#console = await openSession(place);
    this.#print("connected again");
  }

  #session(): ShellSession {
    return {
      console: this.#console,
      state: this.#state,
      connect: async (database) => {
        const place = choosePlace(this.#options.places, database);
        const next = await openSession(place);
        await this.#console.close();
        this.#console = next;
        this.#state.database = place.name;
      },
    };
  }

  #interrupt(): void {
    if (this.#isRunning) {
      void this.#console.cancel().catch(() => {});
      return;
    }
    this.#typed = "";
    this.#print("");
    this.#prompt();
  }

  #prompt(): void {
    const { transactionStatus } = this.#console;
    const state = transactionStatus === "I" ? "" : transactionStatus === "T" ? "*" : "!";
    this.#terminal.setPrompt(`${this.#state.database}${state}${this.#typed === "" ? ">" : "-"} `);
    this.#terminal.prompt();
  }

  #print(text: string): void {
    this.#options.output.write(`${text}\n`);
  }
}

function readHistory(file: string | undefined): string[] {
  if (file === undefined) return [];
  try {
    return readFileSync(file, "utf8").split("\n").filter(Boolean);
  } catch {
    return [];
  }
}

/** Passwords may stand in it. */
function keepHistory(file: string | undefined, history: readonly string[]): void {
  if (file === undefined) return;
  try {
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, `${history.slice(0, mostHistory).join("\n")}\n`, { mode: 0o600 });
  } catch {
    // A history that cannot be kept is no reason to end the shell.
  }
}
