// Reads JSON with comments and trailing commas (tenon.json, tsconfig.json) and says where it is wrong.
import { type ParseError, parse, printParseErrorCode } from "jsonc-parser";

export interface JsoncError {
  readonly message: string;
  /** Offsets in the text, in UTF-16 units. */
  readonly start: number;
  readonly end: number;
}

export interface JsoncResult {
  /** What could be read; undefined for an empty text. */
  readonly value: unknown;
  readonly errors: readonly JsoncError[];
}

export function readJsonc(text: string): JsoncResult {
  const errors: ParseError[] = [];
  const withoutMark = text.startsWith("\uFEFF") ? ` ${text.slice(1)}` : text;
  const value: unknown = parse(withoutMark, errors, { allowTrailingComma: true, disallowComments: false });
  return {
    value,
    errors: errors.map(({ error, offset, length }) => ({
      message: words(printParseErrorCode(error)),
      start: offset,
      end: offset + length,
    })),
  };
}

/** "PropertyNameExpected" -> "property name expected". */
function words(code: string): string {
  return code.replace(/(?<=.)[A-Z]/g, (letter) => ` ${letter}`).toLowerCase();
}

/** A value as an object with unknown fields; null for anything else. */
export function asObject(value: unknown): Record<string, unknown> | null {
  return typeof value === "object" && value !== null && !Array.isArray(value)
    ? (value as Record<string, unknown>)
    : null;
}
