// A log entry for people at a terminal: one line with time, level, where, message and fields; stacks below it.
import type { LogEntry } from "./entry.ts";
import type { LogLevel } from "./level.ts";
import type { Plain } from "./to-plain.ts";

const COLOR_OF: Record<LogLevel, number> = { trace: 90, debug: 36, info: 32, warn: 33, error: 31 };
const DIM = 2;
const BARE_WORD = /^[\w.:/@-]+$/;

export function renderPretty(entry: LogEntry, color: boolean): string {
  const paint = (code: number, text: string): string => (color ? `\u001b[${code}m${text}\u001b[0m` : text);
  const parts = [paint(DIM, localTime(entry.at)), paint(COLOR_OF[entry.level], entry.level.toUpperCase().padEnd(5))];
  if (entry.call !== null) parts.push(`${entry.call.service}.${entry.call.endpoint}`);
  if (entry.message !== "") parts.push(withoutControls(entry.message));

  const stacks: string[] = [];
  for (const key in entry.fields) {
    const value = entry.fields[key] ?? null;
    const stack = stackOf(value);
    if (stack !== null) stacks.push(stack);
    parts.push(paint(DIM, `${withoutControls(key)}=`) + fieldText(value));
  }
  if (entry.call !== null) parts.push(paint(DIM, `trace=${entry.call.traceId}`));
  return [parts.join(" "), ...stacks.map((stack) => paint(DIM, indent(stack)))].join("\n");
}

function localTime(at: number): string {
  const date = new Date(at);
  const two = (value: number): string => String(value).padStart(2, "0");
  const milliseconds = String(date.getMilliseconds()).padStart(3, "0");
  return `${two(date.getHours())}:${two(date.getMinutes())}:${two(date.getSeconds())}.${milliseconds}`;
}

function stackOf(value: Plain): string | null {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return null;
  return typeof value["stack"] === "string" ? value["stack"] : null;
}

function fieldText(value: Plain): string {
  if (typeof value === "string") return BARE_WORD.test(value) ? value : JSON.stringify(value);
  if (stackOf(value) === null) return JSON.stringify(value);
  const { name, message } = value as { name?: Plain; message?: Plain };
  return JSON.stringify(`${String(name)}: ${String(message)}`);
}

function indent(text: string): string {
  return text
    .split("\n")
    .map((line) => `    ${withoutControls(line.trim())}`)
    .join("\n");
}

/** A logged value must not be able to move the cursor or colour the terminal. */
function withoutControls(text: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
  return text.replace(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/g, (character) => {
    return `\\x${character.charCodeAt(0).toString(16).padStart(2, "0")}`;
  });
}
