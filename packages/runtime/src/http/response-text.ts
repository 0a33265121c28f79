// The head of an answer as text: status line, the answer's own headers, its length, and what stands in every answer.
import { STATUS_CODES } from "node:http";
import type { OutgoingResponse } from "../call/exchange.ts";
import { dateLine } from "./date-line.ts";
import { TOKEN, VALUE } from "./field-rules.ts";

export const CHUNKED = "transfer-encoding: chunked\r\n";

/** Headers of which this server itself knows what they have to say. */
const OWN: ReadonlySet<string> = new Set(["connection", "keep-alive", "transfer-encoding", "content-length"]);

const OK = "HTTP/1.1 200 OK\r\n";
const statusLines = new Map<number, string>();

/**
 * Up to and with the empty line. `lengthLine`: a line with content-length or transfer-encoding, or nothing. Throws TypeError for a header
 * that cannot be sent: it could end the head early.
 */
// hot: guarded by bench/hello
export function responseText(outgoing: OutgoingResponse, lengthLine: string, isLast: boolean): string {
  const { status, statusText, headers, headerLines } = outgoing;
  let text = status === 200 && statusText === undefined ? OK : statusLine(status, statusText);
  let hasDate = false;
  for (const name in headers) {
    if (OWN.has(name)) continue;
    if (name === "date") hasDate = true;
    const value = headers[name]!;
    if (typeof value === "string") text += checkedLine(name, value);
    else for (const single of [value].flat()) text += checkedLine(name, String(single));
  }
  if (headerLines !== undefined) text += headerLines;
  return text + lengthLine + closingLines(isLast, hasDate);
}

/** Whether the answer itself says that it is the last one. */
export function saysClose(outgoing: OutgoingResponse): boolean {
  const value = outgoing.headers["connection"];
  return typeof value === "string" && value.toLowerCase() === "close";
}

function closingLines(isLast: boolean, hasDate: boolean): string {
  const date = hasDate ? "" : dateLine();
  return isLast
    ? `${date}connection: close\r\n\r\n`
    : `${date}connection: keep-alive\r\nkeep-alive: timeout=65\r\n\r\n`;
}

function statusLine(status: number, statusText: string | undefined): string {
  if (statusText !== undefined) {
    checkValue("status text", statusText);
    return `HTTP/1.1 ${status} ${statusText}\r\n`;
  }
  let line = statusLines.get(status);
  if (line === undefined) {
    line = `HTTP/1.1 ${status} ${STATUS_CODES[status] ?? "unknown"}\r\n`;
    statusLines.set(status, line);
  }
  return line;
}

function checkedLine(name: string, value: string): string {
  checkName(name);
  checkValue(name, value);
  return `${name}: ${value}\r\n`;
}

function checkName(name: string): void {
  for (let index = 0; index < name.length; index++) {
    if (!(TOKEN[name.charCodeAt(index)]! > 0)) throw new TypeError(`"${name}" cannot be the name of a header`);
  }
  if (name === "") throw new TypeError("a header must have a name");
}

function checkValue(name: string, value: string): void {
  for (let index = 0; index < value.length; index++) {
    if (VALUE[value.charCodeAt(index)] !== 1) throw new TypeError(`the value of "${name}" cannot be sent in a header`);
  }
}
