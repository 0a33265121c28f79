// Rows as an aligned table, one as a list of its columns, or all as CSV; as people know it from other tools.
import type { ConsoleField, ConsoleResult } from "@tenon/runtime/console";

const nullText = "NULL";
/** bool is left like text; these stand to the right. */
const numbers: ReadonlySet<number> = new Set([20, 21, 23, 26, 700, 701, 790, 1700]);

export function renderTable({ fields, rows }: ConsoleResult): string {
  const cells = rows.map((row) => row.map((value) => (value ?? nullText).split("\n")));
  const widths = fields.map(({ name }, index) =>
    Math.max(widthOf(name), ...cells.flatMap((row) => row[index]!.map(widthOf))),
  );
  const lines = [
    fields.map(({ name }, index) => centered(name, widths[index]!)).join(" | "),
    widths.map((width) => "-".repeat(width)).join("-+-"),
    ...cells.flatMap((row) => linesOf(row, fields, widths)),
  ];
  return lines.map((line) => ` ${line}`.trimEnd()).join("\n");
}

/** Values of several lines go on below. */
function linesOf(row: readonly string[][], fields: readonly ConsoleField[], widths: readonly number[]): string[] {
  const height = Math.max(1, ...row.map((lines) => lines.length));
  return Array.from({ length: height }, (_, line) =>
    row.map((lines, index) => aligned(lines[line] ?? "", widths[index]!, numbers.has(fields[index]!.oid))).join(" | "),
  );
}

/** A record a block: for rows wider than the terminal. */
export function renderExpanded({ fields, rows }: ConsoleResult): string {
  const width = Math.max(0, ...fields.map(({ name }) => widthOf(name)));
  const records = rows.map((row, number) => {
    const lines = row.map((value, index) => {
      const [first = "", ...more] = (value ?? nullText).split("\n");
      return [
        `${aligned(fields[index]!.name, width, false)} | ${first}`,
        ...more.map((line) => `${" ".repeat(width)} | ${line}`),
      ].join("\n");
    });
    return [`-[ ${number + 1} ]${"-".repeat(Math.max(0, width - 3))}`, ...lines].join("\n");
  });
  return records.join("\n");
}

/** RFC 4180; NULL is an empty field, an empty text is quoted. */
export function renderCsv({ fields, rows }: ConsoleResult): string {
  const lines = [fields.map(({ name }) => name as string | null), ...rows];
  return lines.map((row) => row.map(csvField).join(",")).join("\n");
}

function csvField(value: string | null): string {
  if (value === null) return "";
  return value === "" || /[",\r\n]/.test(value) ? `"${value.replaceAll('"', '""')}"` : value;
}

function aligned(text: string, width: number, toTheRight: boolean): string {
  const space = " ".repeat(Math.max(0, width - widthOf(text)));
  return toTheRight ? `${space}${text}` : `${text}${space}`;
}

function centered(text: string, width: number): string {
  const left = Math.floor(Math.max(0, width - widthOf(text)) / 2);
  return aligned(`${" ".repeat(left)}${text}`, width, false);
}

/** Columns on a terminal: letters of East Asian scripts and emoji take two, combining marks none. */
function widthOf(text: string): number {
  let width = 0;
  for (const character of text) {
    if (/\p{Mark}|\u200d|\ufe0f/u.test(character)) continue;
    width +=
      /[\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6]|\p{Emoji_Presentation}/u.test(
        character,
      )
        ? 2
        : 1;
  }
  return width;
}
