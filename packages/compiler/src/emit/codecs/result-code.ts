// The statements that put an object together from its fields once they are read: a literal that has them all, so that objects with the
// same fields have the same shape, and assignments only for what is rarely there.
import type { ModuleText } from "./module-text.ts";
import { access, indent, member } from "./quote.ts";

/** A field that has been read. */
export interface GivenField {
  readonly name: string;
  /** Undefined when an optional field is not there. */
  readonly variable: string;
  /** Expression for its value. */
  readonly result: string;
  readonly optional: boolean;
}

/** With more optional fields than that, literals for all cases would be more code than they are worth. */
const fewOptional = 2;

/** Statements that return the object. */
export function resultLines(m: ModuleText, fields: readonly GivenField[]): string[] {
  const required = fields.filter((field) => !field.optional);
  const optional = fields.filter((field) => field.optional);
  if (optional.length === 0) return [`return ${literal(required)};`];
  if (optional.length <= fewOptional) return casesLines(required, optional);
  return [`const result = ${literal(required)};`, ...assignLines(m, optional), "return result;"];
}

/** Statements that make `result`, for more to be added. */
export function openResultLines(m: ModuleText, fields: readonly GivenField[]): string[] {
  const required = fields.filter((field) => !field.optional);
  const optional = fields.filter((field) => field.optional);
  return [`const result = ${literal(required)};`, ...assignLines(m, optional)];
}

/** One literal for each set of fields that can be there: an object that grows is made twice. */
function casesLines(present: readonly GivenField[], open: readonly GivenField[]): string[] {
  const [next, ...rest] = open;
  if (next === undefined) return [`return ${literal(present)};`];
  const absent = `if (${next.variable} === undefined)`;
  const without = casesLines(present, rest);
  const branch = without.length === 1 ? [`${absent} ${without[0]}`] : [`${absent} {`, ...indent(without), "}"];
  return [...branch, ...casesLines([...present, next], rest)];
}

function literal(fields: readonly GivenField[]): string {
  return fields.length === 0 ? "{}" : `{ ${fields.map(({ name, result }) => member(name, result)).join(", ")} }`;
}

function assignLines(m: ModuleText, fields: readonly GivenField[]): string[] {
  return fields.map(({ name, variable, result }) => `if (${variable} !== undefined) ${assign(m, name, result)};`);
}

/** Sets an own property of `result`: assigning to "__proto__" would set the prototype. */
function assign(m: ModuleText, name: string, value: string): string {
  if (name === "__proto__") return `${m.use("setOwn")}(result, "__proto__", ${value})`;
  return `${access("result", name)} = ${value}`;
}
