// What counts as an object with fields, and reading and writing its properties safely under any name.
import { types } from "node:util";
import { Decimal } from "./decimal.ts";

/** An object with fields, on the wire or in memory. */
export function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/**
 * In memory, where no declared field is required: an object that keeps its data in fields. A Map or a Date would otherwise become
 * `{}` without a word.
 */
export function isFieldsObject(value: unknown): value is Record<string, unknown> {
  if (!isObject(value)) return false;
  if (Object.getPrototypeOf(value) === Object.prototype) return true;
  return !(
    isDate(value) ||
    isDecimal(value) ||
    isMap(value) ||
    isSet(value) ||
    ArrayBuffer.isView(value) ||
    value instanceof URL
  );
}

/** The property when it is the object's own: what it inherits is nobody's data. */
export function own(value: Record<string, unknown>, name: string): unknown {
  return Object.hasOwn(value, name) ? value[name] : undefined;
}

/** Assigns an own property under any name; plain assignment to "__proto__" would set the prototype instead. */
export function setOwn(target: Record<string, unknown>, key: string, value: unknown): void {
  if (key === "__proto__") {
    Object.defineProperty(target, key, { value, writable: true, enumerable: true, configurable: true });
  } else {
    target[key] = value;
  }
}

/** A property name that objects keep in numeric order, before all others. */
const arrayIndex = /^(?:0|[1-9]\d{0,9})$/;

/** The order in which the entries of a map arrive that travelled as an object. */
export function inWireOrder(map: Map<string, unknown>): Map<string, unknown> {
  for (const key of map.keys()) {
    if (startsWithDigit(key) && arrayIndex.test(key)) return throughObject(map);
  }
  return map;
}

function startsWithDigit(key: string): boolean {
  const first = key.charCodeAt(0);
  return first >= 48 && first <= 57;
}

function throughObject(map: Map<string, unknown>): Map<string, unknown> {
  const wire: Record<string, unknown> = {};
  for (const [key, value] of map) setOwn(wire, key, value);
  return new Map(Object.entries(wire));
}

// The second test of each is for values of another realm (vm contexts, test runners).

export function isDate(value: unknown): value is Date {
  return value instanceof Date || types.isDate(value);
}

export function isBytes(value: unknown): value is Uint8Array {
  return value instanceof Uint8Array || types.isUint8Array(value);
}

export function isMap(value: unknown): value is Map<unknown, unknown> {
  return value instanceof Map || types.isMap(value);
}

export function isSet(value: unknown): value is Set<unknown> {
  return value instanceof Set || types.isSet(value);
}

export function isDecimal(value: unknown): value is Decimal {
  return value instanceof Decimal;
}

export function isUrl(value: unknown): value is URL {
  return value instanceof URL;
}
