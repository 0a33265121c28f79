// Runs the statements of a text one after the other and prints what they give; stops at the first that fails.
import { type Console, completeStatements } from "@tenon/runtime/console";
import { describeStatementFailure } from "./describe-failure.ts";
import { type OutputForm, printResult } from "./print-result.ts";

/** The exit code: 1 when a statement failed. */
export async function runScript(console: Console, text: string, form: OutputForm): Promise<number> {
  const { complete, rest } = completeStatements(text);
  const statements = [...complete.map((statement) => statement.text), ...(rest === "" ? [] : [rest])];
  for (const statement of statements) {
    try {
      printResult(await console.run(statement.trim()), form);
    } catch (error) {
      process.stderr.write(`${describeStatementFailure(error, statement.trim())}\n`);
      return 1;
    }
  }
  return 0;
}
