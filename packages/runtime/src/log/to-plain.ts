// Makes any value fit for JSON.stringify: what a developer logs may have cycles, bigints, getters that throw, and be of any size.
// Never throws, looks at a bounded part of the value, and leaves out what is declared sensitive.
import { HIDDEN_FIELD, isHiddenField } from "../telemetry/redaction.ts";

export type Plain = string | number | boolean | null | Plain[] | { [key: string]: Plain };

const MAX_DEPTH = 8;
const MAX_VALUES = 2000;
const MAX_STRING_LENGTH = 65_536;

export function toPlain(value: unknown): Plain {
  return new Walk().visit(value, 0);
}

class Walk {
  private readonly above: object[] = [];
  private values = 0;

  visit(value: unknown, depth: number): Plain {
    if (++this.values > MAX_VALUES) return "[cut]";
    switch (typeof value) {
      case "string":
        return value.length > MAX_STRING_LENGTH ? `${value.slice(0, MAX_STRING_LENGTH)}[cut]` : value;
      case "boolean":
        return value;
      case "number":
        return Number.isFinite(value) ? value : String(value);
      case "bigint":
      case "symbol":
        return String(value);
      case "function":
        return "[function]";
      case "undefined":
        return null;
      case "object":
        return value === null ? null : this.visitObject(value, depth);
    }
  }

  private visitObject(value: object, depth: number): Plain {
    if (this.above.includes(value)) return "[circular]";
    if (depth >= MAX_DEPTH) return "[too deep]";
    this.above.push(value);
    try {
      return this.describe(value, depth + 1);
    } catch (error) {
      return `[cannot be shown: ${error instanceof Error ? error.name : typeof error}]`;
    } finally {
      this.above.pop();
    }
  }

  private describe(value: object, depth: number): Plain {
    if (value instanceof Error) return this.visitError(value, depth);
    if (value instanceof Date) return Number.isNaN(value.getTime()) ? "Invalid Date" : value.toISOString();
    if (value instanceof Map) return this.visitMany([...value], depth);
    if (value instanceof Set) return this.visitMany([...value], depth);
    if (ArrayBuffer.isView(value)) return `[${value.constructor.name}, ${value.byteLength} bytes]`;
    if (Array.isArray(value)) return this.visitMany(value, depth);
    const { toJSON } = value as { toJSON?: unknown };
    if (typeof toJSON === "function") return this.visit(toJSON.call(value, ""), depth);
    return this.visitFields(value, Object.keys(value), depth);
  }

  private visitMany(items: readonly unknown[], depth: number): Plain[] {
    const plain: Plain[] = [];
    for (const item of items) {
      plain.push(this.visit(item, depth));
      if (this.values > MAX_VALUES) break;
    }
    return plain;
  }

  /** Name, message and stack are not enumerable; what is (a code, a query) often explains most. */
  private visitError(error: Error, depth: number): Plain {
    const own = Object.keys(error).filter((key) => key !== "stack");
    const names = ["name", "message", ...own, "stack"];
    if (error.cause !== undefined && !own.includes("cause")) names.push("cause");
    return this.visitFields(error, [...new Set(names)], depth);
  }

  private visitFields(value: object, keys: readonly string[], depth: number): Plain {
    const plain: Record<string, Plain> = Object.create(null);
    for (const key of keys) {
      const field = readField(value, key);
      if (field === undefined) continue;
      plain[key] = isHiddenField(key) ? HIDDEN_FIELD : this.visit(field, depth);
      if (this.values > MAX_VALUES) break;
    }
    return plain;
  }
}

function readField(value: object, key: string): unknown {
  try {
    return (value as Record<string, unknown>)[key];
  } catch {
    return "[getter threw]";
  }
}
