// Traces as a table for the terminal (`tenon trace list`), newest first as the API gives them.
import type { TraceSummary } from "@tenon/model";
import { colorOf, DIM, durationText, oneLine, padEnd, paint, RED, type RenderOptions, shorten } from "./trace-text.ts";

interface Cell {
  readonly text: string;
  readonly color?: number;
}

const HEAD = ["STARTED", "DURATION", "STATUS", "ENDPOINT", "REQUEST", "SPANS", "TRACE"];
const GAP = "  ";
/** The only column that can be shortened without losing what identifies a trace. */
const REQUEST_COLUMN = 4;
const MIN_REQUEST_WIDTH = 12;

/** Lines without a trailing line end; empty for no traces. Times are local. */
export function renderTraceList(summaries: readonly TraceSummary[], options: RenderOptions): string {
  if (summaries.length === 0) return "";
  const rows = [HEAD.map((text): Cell => ({ text, color: DIM })), ...summaries.map(cellsOf)];
  const widths = HEAD.map((_, column) => Math.max(...rows.map((row) => [...(row[column]?.text ?? "")].length)));
  const others = widths.reduce((sum, width, column) => sum + (column === REQUEST_COLUMN ? 0 : width + GAP.length), 0);
  const requestWidth = Math.min(widths[REQUEST_COLUMN] ?? 0, Math.max(MIN_REQUEST_WIDTH, options.width - others));
  widths[REQUEST_COLUMN] = requestWidth;
  return rows.map((row) => line(row, widths, options)).join("\n");
}

function line(row: readonly Cell[], widths: readonly number[], options: RenderOptions): string {
  const cells = row.map(({ text, color }, column) => {
    const fitted = shorten(text, widths[column] ?? 0);
    const padded = column === row.length - 1 ? fitted : padEnd(fitted, widths[column] ?? 0);
    return color === undefined ? padded : paint(color, padded, options);
  });
  return cells.join(GAP);
}

function cellsOf(summary: TraceSummary): Cell[] {
  const { root } = summary;
  const endpoint = `${root.service}.${root.endpoint}`;
  return [
    { text: localTime(summary.startedAt) },
    { text: durationText(summary.durationMs) },
    summary.status === "error" ? { text: "error", color: RED } : { text: summary.status === "ok" ? "ok" : "open" },
    { text: oneLine(endpoint), color: colorOf(root.service) },
    { text: oneLine(`${root.method} ${root.path}`) || "-" },
    { text: String(summary.spans) },
    { text: summary.traceId },
  ];
}

function localTime(at: number): string {
  const date = new Date(at);
  const two = (value: number): string => String(value).padStart(2, "0");
  const day = `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}`;
  return `${day} ${two(date.getHours())}:${two(date.getMinutes())}:${two(date.getSeconds())}`;
}
