// JavaScript value -> parameter as PostgreSQL reads it. The table in docs/reference/sql.md is this file in words.
import { types as kinds } from "node:util";
import { Decimal } from "../codec/decimal.ts";
import { DatabaseError } from "./errors.ts";

/** What may stand in a template or behind a raw statement. */
export type Primitive =
  | string
  | number
  | bigint
  | boolean
  | Date
  | Uint8Array
  | URL
  | Decimal
  | null
  | undefined
  | readonly Primitive[]
  // biome-ignore lint/suspicious/noExplicitAny: an interface has no index signature, so that Record<string, unknown> would refuse it
  | Record<string, any>;

export type EncodedParameter = string | Buffer | null;

export function encodeParameters(values: readonly unknown[], database: string): EncodedParameter[] {
  return values.map((value, index) => {
    try {
      return encodeParameter(value);
    } catch (error) {
      throw new DatabaseError("unsupported_parameter", database, `$${index + 1} ${(error as Error).message}`);
    }
  });
}

/**
 * As parameters of type json and jsonb, where that is written otherwise: there a string is a JSON string, and an array a JSON array.
 * undefined: nothing among them is.
 */
export function encodeJsonParameters(
  values: readonly unknown[],
): readonly (EncodedParameter | undefined)[] | undefined {
  const encoded = values.map((value) => (isWrittenOtherwise(value) ? encodeJson(value) : undefined));
  return encoded.some((one) => one !== undefined) ? encoded : undefined;
}

function isWrittenOtherwise(value: unknown): boolean {
  if (typeof value === "string" || value instanceof URL || kinds.isDate(value)) return true;
  return Array.isArray(value) && !holdsObjects(value);
}

function encodeParameter(value: unknown): EncodedParameter {
  if (value === null || value === undefined) return null;
  if (kinds.isUint8Array(value)) return Buffer.from(value.buffer, value.byteOffset, value.byteLength);
  if (Array.isArray(value)) return holdsObjects(value) ? encodeJson(value) : encodeArray(value);
  return encodeScalar(value);
}

function encodeScalar(value: unknown): string {
  switch (typeof value) {
    case "string":
      if (value.includes("\0")) throw new Error("holds a NUL character, which PostgreSQL's text cannot");
      return value;
    case "number":
    case "bigint":
    case "boolean":
      return String(value);
    case "object":
      if (kinds.isDate(value)) return encodeDate(value);
      if (value instanceof URL) return value.href;
      if (value instanceof Decimal) return value.value;
      return encodeJson(value);
    default:
      throw new Error(`is a ${typeof value}`);
  }
}

/** An array of objects is one JSON value; arrays of anything else are PostgreSQL arrays. */
function holdsObjects(array: readonly unknown[]): boolean {
  return array.some((item) =>
    Array.isArray(item)
      ? holdsObjects(item)
      : typeof item === "object" &&
        item !== null &&
        !kinds.isDate(item) &&
        !kinds.isUint8Array(item) &&
        !(item instanceof URL) &&
        !(item instanceof Decimal),
  );
}

function encodeArray(array: readonly unknown[]): string {
  const items = array.map((item) => {
    if (item === null || item === undefined) return "NULL";
    if (Array.isArray(item)) return encodeArray(item);
    const text = kinds.isUint8Array(item) ? `\\x${Buffer.from(item).toString("hex")}` : encodeScalar(item);
    return `"${text.replace(/["\\]/g, "\\$&")}"`;
  });
  return `{${items.join(",")}}`;
}

function encodeJson(value: unknown): string {
  if (kinds.isMap(value) || kinds.isSet(value)) throw new Error("is a Map or Set, which JSON cannot hold");
  const text: string | undefined = JSON.stringify(value);
  if (text === undefined) throw new Error("has no JSON form");
  if (text.includes("\\u0000")) throw new Error("holds a NUL character, which jsonb cannot");
  return text;
}

/** Always UTC: a `timestamp` column then holds UTC, and a `date` column the day in UTC, on every machine. */
function encodeDate(date: Date): string {
  if (Number.isNaN(date.getTime())) throw new Error("is an invalid Date");
  const year = date.getUTCFullYear();
  const rest = date.toISOString().slice(-20);
  return year > 0 ? `${String(year).padStart(4, "0")}${rest}` : `${String(1 - year).padStart(4, "0")}${rest} BC`;
}
