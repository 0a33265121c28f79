// Small texts that the list and the tree of traces are made of.
import type { Span } from "@tenon/model";

export interface RenderOptions {
  readonly color: boolean;
  /** Columns of the terminal. */
  readonly width: number;
}

const SERVICE_COLORS = [36, 35, 33, 32, 34, 96, 95, 93, 92, 94];
export const RED = 31;
export const YELLOW = 33;
export const DIM = 2;
export const BOLD = 1;

export function paint(code: number, text: string, options: RenderOptions): string {
  return options.color && text !== "" ? `\u001b[${code}m${text}\u001b[0m` : text;
}

/** The same service has the same colour in every trace. */
export function colorOf(service: string): number {
  let hash = 0;
  for (const character of service) hash = (hash * 31 + (character.codePointAt(0) ?? 0)) % 1_000_003;
  return SERVICE_COLORS[hash % SERVICE_COLORS.length] ?? DIM;
}

export function durationText(durationMs: number): string {
  if (durationMs >= 1000) return `${(durationMs / 1000).toFixed(2)} s`;
  return `${durationMs.toFixed(durationMs >= 100 ? 0 : durationMs >= 10 ? 1 : 2)} ms`;
}

/** One line without control characters: what a span says comes from anywhere and must not steer the terminal. */
export function oneLine(text: string): string {
  return text
    .replace(/\s+/g, " ")
    .replace(/\p{Cc}/gu, "?")
    .trim();
}

/** At most `width` columns; by code points, so that no character is cut in two. */
export function shorten(text: string, width: number): string {
  const characters = [...text];
  return characters.length <= width ? text : `${characters.slice(0, Math.max(0, width - 1)).join("")}…`;
}

export function padEnd(text: string, width: number): string {
  return text + " ".repeat(Math.max(0, width - [...text].length));
}

/** What went wrong in a span: it failed, or it refused the request (a code, but no failure); null when neither. */
export function errorText(span: Span): string | null {
  const { attributes } = span;
  const exception = span.events.findLast((event) => event.name === "exception")?.attributes;
  const code = attributes["tenon.error.code"] ?? exception?.["exception.type"];
  const message =
    attributes["tenon.error.message"] ?? exception?.["exception.message"] ?? attributes["otel.status_description"];
  if (span.status !== "error" && attributes["tenon.error.code"] === undefined) return null;
  const parts = [code, message].filter((part) => part !== undefined && part !== "");
  return parts.length === 0 ? "failed" : oneLine(parts.join(": "));
}
