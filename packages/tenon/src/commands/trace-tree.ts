// A trace as a tree for the terminal (`tenon trace show`): each span with its name, duration, and where in the trace it ran; SQL
// text, errors and the other traces that led to it below it.
import type { Span, SpanLink, Trace } from "@tenon/model";
import { type TraceRow, traceRows } from "./trace-rows.ts";
import {
  BOLD,
  colorOf,
  DIM,
  durationText,
  errorText,
  oneLine,
  padEnd,
  paint,
  RED,
  type RenderOptions,
  shorten,
  YELLOW,
} from "./trace-text.ts";

const DURATION_WIDTH = 9;
const MIN_LABEL_WIDTH = 24;
const MIN_BAR_WIDTH = 8;
const MAX_BAR_WIDTH = 40;

interface Layout extends RenderOptions {
  readonly startedAt: number;
  readonly durationMs: number;
  readonly labelWidth: number;
  readonly barWidth: number;
}

/** Lines without a trailing line end. */
export function renderTraceTree(trace: Trace, options: RenderOptions): string {
  const rows = traceRows(trace);
  const layout = layOut(rows, options);
  return [...headLines(trace, layout), "", ...rows.flatMap((row) => rowLines(row, layout))].join("\n");
}

function layOut(rows: readonly TraceRow[], options: RenderOptions): Layout {
  let startedAt = Number.POSITIVE_INFINITY;
  let endedAt = Number.NEGATIVE_INFINITY;
  let longest = 0;
  for (const row of rows) {
    startedAt = Math.min(startedAt, row.span.startedAt);
    endedAt = Math.max(endedAt, row.span.startedAt + row.span.durationMs);
    longest = Math.max(longest, branchOf(row).length + [...labelOf(row)].length);
  }
  const barWidth = Math.min(MAX_BAR_WIDTH, Math.max(MIN_BAR_WIDTH, Math.floor(options.width / 4)));
  const room = options.width - DURATION_WIDTH - barWidth - 4;
  return {
    ...options,
    startedAt,
    durationMs: endedAt - startedAt,
    barWidth,
    labelWidth: Math.max(MIN_LABEL_WIDTH, Math.min(longest, room)),
  };
}

function headLines(trace: Trace, layout: Layout): string[] {
  const services = [...new Set(trace.spans.map((span) => span.service))].sort();
  const failed = trace.spans.filter((span) => span.status === "error").length;
  const facts = [
    durationText(layout.durationMs),
    `${trace.spans.length} span${trace.spans.length === 1 ? "" : "s"}`,
    services.map((service) => paint(colorOf(service), oneLine(service), layout)).join(", "),
  ];
  if (failed > 0) facts.push(paint(RED, `${failed} failed`, layout));
  return [
    `${paint(BOLD, `trace ${trace.traceId}`, layout)}  ${paint(DIM, new Date(layout.startedAt).toISOString(), layout)}`,
    facts.join("  "),
  ];
}

function rowLines(row: TraceRow, layout: Layout): string[] {
  const { span } = row;
  const branch = branchOf(row);
  const width = Math.max(1, layout.labelWidth - branch.length);
  const label = shorten(labelOf(row), width);
  const color = span.status === "error" ? RED : colorOf(span.service);
  const name = paint(color, label, layout);
  const gap = " ".repeat(Math.max(0, width - [...label].length));
  const duration = durationText(span.durationMs).padStart(DURATION_WIDTH);
  const bar = `▕${paint(color, barOf(span, layout), layout)}▏`;
  const lines = [`${paint(DIM, branch, layout)}${name}${gap} ${duration} ${bar}`];

  const indent = belowOf(row);
  const room = Math.max(MIN_LABEL_WIDTH, layout.width - indent.length);
  const query = span.attributes["db.query.text"];
  if (typeof query === "string") lines.push(paint(DIM, indent + shorten(oneLine(query), room), layout));
  for (const text of linkTexts(span)) lines.push(paint(DIM, indent + shorten(text, room), layout));
  const error = errorText(span);
  // An error that travels up is told where it began.
  if (error !== null && !row.children.some((child) => errorText(child) === error)) {
    const [mark, markColor] = span.status === "error" ? ["✗", RED] : ["!", YELLOW];
    lines.push(paint(DIM, indent, layout) + paint(markColor, shorten(`${mark} ${error}`, room), layout));
  }
  return lines;
}

const mostLinks = 5;

/** Other traces that led to the span, each once: "publish in trace 4bf9...". A batch can have many. */
function linkTexts({ traceId, links = [] }: Span): string[] {
  const others = links.filter((link) => link.traceId !== traceId);
  const texts = [...new Set(others.map((link) => `${oneLine(kindOf(link))} in trace ${link.traceId}`))];
  const shown = texts.slice(0, mostLinks);
  return texts.length === shown.length ? shown : [...shown, `and in ${texts.length - shown.length} more`];
}

function kindOf({ attributes }: SpanLink): string {
  return String(attributes["tenon.link"] ?? "linked");
}

/** Endpoints are named "service.endpoint" already; calls and statements belong to the service of the span above them. */
function labelOf({ span, parent }: TraceRow): string {
  const name = oneLine(span.name);
  const isOwnName = name === span.service || name.startsWith(`${span.service}.`);
  if (span.kind === "client" && parent?.service === span.service) {
    return span.attributes["db.system.name"] === undefined ? `→ ${name}` : name;
  }
  return isOwnName ? name : `${oneLine(span.service)} ${name}`;
}

function branchOf({ lastOnLevel }: TraceRow): string {
  if (lastOnLevel.length === 0) return "";
  return trunk(lastOnLevel.slice(0, -1)) + (lastOnLevel.at(-1) === true ? "└─ " : "├─ ");
}

/** What stands in front of the lines below a span, up to its first child. */
function belowOf({ lastOnLevel, children }: TraceRow): string {
  return trunk(lastOnLevel) + (children.length > 0 ? "│  " : "   ");
}

function trunk(lastOnLevel: readonly boolean[]): string {
  return lastOnLevel.map((isLast) => (isLast ? "   " : "│  ")).join("");
}

function barOf(span: Span, layout: Layout): string {
  const perColumnMs = layout.durationMs / layout.barWidth || 1;
  const from = Math.min(layout.barWidth - 1, Math.floor((span.startedAt - layout.startedAt) / perColumnMs));
  const columns = Math.max(1, Math.round(span.durationMs / perColumnMs));
  const to = Math.min(layout.barWidth, from + columns);
  return padEnd(" ".repeat(from) + "█".repeat(to - from), layout.barWidth);
}
