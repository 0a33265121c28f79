// Scalars written as text: in queries, paths and headers, and as JSON strings where JSON has no such type. Each function is strict
// and returns undefined for text that does not say such a value.
import { daysInMonth, timeFromText } from "./date-text.ts";

const numberText = /^-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?$/;

/** Decimal notation as in JSON; finite. */
// hot: guarded by bench/codecs
export function numberFromText(text: string): number | undefined {
  const small = smallWholeNumber(text);
  if (small >= 0) return small;
  if (!numberText.test(text)) return undefined;
  const value = Number(text);
  if (!Number.isFinite(value)) return undefined;
  return value === 0 ? 0 : value;
}

/** Up to nine digits without a sign or a leading zero, which most numbers are; -1 for any other text. */
function smallWholeNumber(text: string): number {
  const { length } = text;
  if (length === 0 || length > 9) return -1;
  let value = text.charCodeAt(0) - 48;
  if (value < 0 || value > 9 || (value === 0 && length > 1)) return -1;
  for (let index = 1; index < length; index++) {
    const digit = text.charCodeAt(index) - 48;
    if (digit < 0 || digit > 9) return -1;
    value = value * 10 + digit;
  }
  return value;
}

/** Whether a property name can belong to an index signature with number keys. */
export function isNumberKey(key: string): boolean {
  return numberText.test(key);
}

export function booleanFromText(text: string): boolean | undefined {
  return text === "true" ? true : text === "false" ? false : undefined;
}

/** Reading decimal digits takes time quadratic in their number: this many take 0.1 ms. */
export const maxBigintDigits = 4096;

const bigintText = /^(?:0|-?[1-9]\d*)$/;

/** Decimal digits in the one canonical form, so that "007" stays text where both are allowed. */
export function bigintFromText(text: string): bigint | undefined {
  return text.length <= maxBigintDigits && bigintText.test(text) ? BigInt(text) : undefined;
}

const dateTimeText =
  /^(\d{4})-(\d\d)-(\d\d)[Tt]([01]\d|2[0-3]):[0-5]\d:[0-5]\d(?:\.\d+)?(?:[Zz]|[+-](?:[01]\d|2[0-3]):[0-5]\d)$/;

/**
 * RFC 3339 date-time, whole: no date alone, no leap second (a Date cannot hold one), no February 30th. Digits beyond milliseconds
 * are dropped.
 */
export function dateFromText(text: string): Date | undefined {
  const time = timeFromText(text);
  if (!Number.isNaN(time)) return new Date(time);
  const match = dateTimeText.exec(text);
  if (match === null) return undefined;
  if (!isCalendarDay(Number(match[1]), Number(match[2]), Number(match[3]))) return undefined;
  const date = new Date(text.toUpperCase());
  return isWritableTime(date.getTime()) ? date : undefined;
}

export function isCalendarDay(year: number, month: number, day: number): boolean {
  return month >= 1 && month <= 12 && day >= 1 && day <= daysInMonth(year, month);
}

const firstTime = Date.parse("0000-01-01T00:00:00Z");
const lastTime = Date.parse("9999-12-31T23:59:59.999Z");

/** RFC 3339 writes years with four digits. */
export function isWritableTime(time: number): boolean {
  return time >= firstTime && time <= lastTime;
}

const notBase64 = /[^A-Za-z0-9+/_-]/;

/** Base64 of RFC 4648, both alphabets, padding optional but right when there is some. */
export function bytesFromText(text: string): Uint8Array | undefined {
  const padding = text.endsWith("==") ? 2 : text.endsWith("=") ? 1 : 0;
  const digits = padding === 0 ? text : text.slice(0, -padding);
  if (digits.length % 4 === 1 || notBase64.test(digits)) return undefined;
  if (padding > 0 && text.length % 4 !== 0) return undefined;
  // A copy with a buffer of its own: small Buffers are windows into a shared pool.
  return new Uint8Array(Buffer.from(digits, "base64"));
}

/** An absolute URL as the URL standard reads it. */
export function urlFromText(text: string): URL | undefined {
  return URL.canParse(text) ? new URL(text) : undefined;
}
