// Colours for the terminal, left out where nobody would see them (NO_COLOR, pipes, files).
import { styleText } from "node:util";

export const hasColor: boolean =
  process.env["NO_COLOR"] === undefined && (process.env["FORCE_COLOR"] !== undefined || process.stdout.isTTY === true);

export function paint(format: Parameters<typeof styleText>[0], text: string): string {
  return hasColor ? styleText(format, text) : text;
}
