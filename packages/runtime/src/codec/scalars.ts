// The scalars that JSON does not have: decode (wire to memory), encode (memory to wire) and copy (memory to memory), for dates,
// bigints, bytes and URLs.
import type { Issue } from "@tenon/model";
import { timeToText } from "./date-text.ts";
import { fail, refuse } from "./issues.ts";
import { Decimal, decimalFromText } from "./decimal.ts";
import { isBytes, isDate, isDecimal, isUrl } from "./objects.ts";
import {
  bigintFromText,
  bytesFromText,
  dateFromText,
  isWritableTime,
  maxBigintDigits,
  urlFromText,
} from "./scalar-text.ts";

export function decodeDate(wire: unknown, issues: Issue[]): Date | undefined {
  return decodeText(wire, issues, dateFromText, "a date and time such as 2026-01-31T09:30:00Z");
}

export function copyDate(value: unknown, issues: Issue[]): Date | undefined {
  const time = timeOf(value, issues);
  return time === undefined ? undefined : new Date(time);
}

export function encodeDate(value: unknown, issues: Issue[]): string | undefined {
  const time = timeOf(value, issues);
  return time === undefined ? undefined : timeToText(time);
}

function timeOf(value: unknown, issues: Issue[]): number | undefined {
  if (!isDate(value)) return void refuse(issues, "", "invalid_type", "a Date", value);
  const time = value.getTime();
  if (isWritableTime(time)) return time;
  fail(issues, "", "invalid_format", "must be a valid date of the years 0 to 9999");
  return undefined;
}

/** Also takes a JSON number when it is a whole number that JavaScript holds exactly. */
export function decodeBigint(wire: unknown, issues: Issue[]): bigint | undefined {
  if (typeof wire === "number" && Number.isSafeInteger(wire)) return BigInt(wire);
  return decodeText(wire, issues, bigintFromText, `a whole number as a string of at most ${maxBigintDigits} digits`);
}

export function encodeBigint(value: unknown, issues: Issue[]): string | undefined {
  if (typeof value !== "bigint") return void refuse(issues, "", "invalid_type", "a bigint", value);
  const text = String(value);
  if (text.length <= maxBigintDigits) return text;
  fail(issues, "", "invalid_length", `must have at most ${maxBigintDigits} digits`);
  return undefined;
}

/** Beyond this a bigint is worth writing out to count its digits. */
const surelyShort = 2n ** 64n;

export function copyBigint(value: unknown, issues: Issue[]): bigint | undefined {
  if (typeof value === "bigint" && value < surelyShort && value > -surelyShort) return value;
  return encodeBigint(value, issues) === undefined ? undefined : (value as bigint);
}

/** Also takes a JSON number: as it is written, not as binary holds it. */
export function decodeDecimal(wire: unknown, issues: Issue[]): Decimal | undefined {
  if (typeof wire === "number" && Number.isFinite(wire)) return new Decimal(wire);
  return decodeText(wire, issues, decimalFromText, "a decimal number as a string");
}

/** Immutable, so the same one is handed on. */
export function copyDecimal(value: unknown, issues: Issue[]): Decimal | undefined {
  return isDecimal(value) ? value : void refuse(issues, "", "invalid_type", "a Decimal", value);
}

export function encodeDecimal(value: unknown, issues: Issue[]): string | undefined {
  return copyDecimal(value, issues)?.value;
}

export function decodeBytes(wire: unknown, issues: Issue[]): Uint8Array | undefined {
  return decodeText(wire, issues, bytesFromText, "a base64 string");
}

export function copyBytes(value: unknown, issues: Issue[]): Uint8Array | undefined {
  if (!isBytes(value)) return void refuse(issues, "", "invalid_type", "a Uint8Array", value);
  return new Uint8Array(value);
}

export function encodeBytes(value: unknown, issues: Issue[]): string | undefined {
  if (!isBytes(value)) return void refuse(issues, "", "invalid_type", "a Uint8Array", value);
  return Buffer.from(value.buffer, value.byteOffset, value.byteLength).toString("base64");
}

export function decodeUrl(wire: unknown, issues: Issue[]): URL | undefined {
  return decodeText(wire, issues, urlFromText, "an absolute URL");
}

export function copyUrl(value: unknown, issues: Issue[]): URL | undefined {
  if (!isUrl(value)) return void refuse(issues, "", "invalid_type", "a URL", value);
  return new URL(value.href);
}

export function encodeUrl(value: unknown, issues: Issue[]): string | undefined {
  if (!isUrl(value)) return void refuse(issues, "", "invalid_type", "a URL", value);
  return value.href;
}

function decodeText<T>(
  wire: unknown,
  issues: Issue[],
  parse: (text: string) => T | undefined,
  expected: string,
): T | undefined {
  if (typeof wire !== "string") return void refuse(issues, "", "invalid_type", expected, wire);
  const value = parse(wire);
  if (value === undefined) fail(issues, "", "invalid_format", `must be ${expected}`);
  return value;
}
