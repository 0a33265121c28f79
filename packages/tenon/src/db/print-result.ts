// Prints what a statement gave, in the form that was asked for.
import { type ConsoleResult, jsonValueOf } from "@tenon/runtime/console";
import { renderCsv, renderExpanded, renderTable } from "./render-table.ts";

export type OutputForm = "table" | "expanded" | "json" | "csv";

export function printResult(result: ConsoleResult, form: OutputForm): void {
  const text = render(result, form);
  if (text !== "") process.stdout.write(`${text}\n`);
}

function render(result: ConsoleResult, form: OutputForm): string {
  const { command, rowCount, fields, rows } = result;
  if (form === "json") return renderJson(result);
  if (fields.length === 0) return form === "csv" ? "" : `${command ?? "OK"}${rowCount === null ? "" : ` ${rowCount}`}`;
  if (form === "csv") return renderCsv(result);
  const count = `(${rows.length} ${rows.length === 1 ? "row" : "rows"})`;
  const body = form === "expanded" ? renderExpanded(result) : renderTable(result);
  return body === "" ? count : `${body}\n${count}`;
}

/** An object a row; a statement without rows says what it did. */
function renderJson({ command, rowCount, fields, rows }: ConsoleResult): string {
  if (fields.length === 0) return JSON.stringify({ command, rowCount });
  return rows
    .map((row) => {
      const entries = row.map((text, index) => [fields[index]!.name, jsonValueOf(fields[index]!.oid, text)]);
      return JSON.stringify(Object.fromEntries(entries), (_key, value) =>
        typeof value === "bigint" ? String(value) : value,
      );
    })
    .join("\n");
}
