// Template literal types -> the regular expression that accepts exactly their strings.
import type { Schema } from "@tenon/model";
import type { TypeId, TypeRecord } from "../source/type-source.ts";

type Types = ReadonlyMap<TypeId, TypeRecord>;

export function templateSchema(types: Types, id: TypeId): Schema {
  const pattern = `^(?:${patternOf(types, id)})$`;
  const record = types.get(id);
  return record?.kind === "template"
    ? { kind: "string", pattern, template: `\`${textOf(types, id)}\`` }
    : { kind: "string", pattern };
}

function patternOf(types: Types, id: TypeId): string {
  const record = types.get(id);
  switch (record?.kind) {
    case "template":
      return record.texts
        .map(
          (text, i) => escapePattern(text) + (i < record.types.length ? group(patternOf(types, record.types[i]!)) : ""),
        )
        .join("");
    case "string-mapping":
      return mappingPattern(record.mapping);
    case "literal":
      return escapePattern(String(record.value));
    case "bigint-literal":
      return escapePattern(record.value);
    case "union":
      return record.types.map((option) => patternOf(types, option)).join("|");
    case "keyword":
      return keywordPatterns[record.name] ?? ".*";
    case "intersection": {
      const base = record.types.find((part) => types.get(part)?.kind !== "object");
      return base === undefined ? ".*" : patternOf(types, base);
    }
    default:
      return ".*";
  }
}

/** What TypeScript accepts in `${number}` is what Number() reads as a finite number. */
const keywordPatterns: Readonly<Record<string, string>> = {
  number: "[+-]?(?:\\d+\\.?\\d*|\\.\\d+)(?:[eE][+-]?\\d+)?|0[xX][\\da-fA-F]+|0[bB][01]+|0[oO][0-7]+",
  bigint: "-?(?:0|[1-9]\\d*)",
  boolean: "true|false",
  null: "null",
  undefined: "undefined",
};

/** A string is upper case when upper-casing changes none of its characters. */
function mappingPattern(mapping: string): string {
  switch (mapping) {
    case "Uppercase":
      return "\\P{Changes_When_Uppercased}*";
    case "Lowercase":
      return "\\P{Changes_When_Lowercased}*";
    case "Capitalize":
      return "(?:\\P{Changes_When_Uppercased}.*)?";
    case "Uncapitalize":
      return "(?:\\P{Changes_When_Lowercased}.*)?";
    default:
      return ".*";
  }
}

function group(pattern: string): string {
  return pattern === ".*" ? pattern : `(?:${pattern})`;
}

function escapePattern(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|/]/g, "\\$&");
}

function textOf(types: Types, id: TypeId): string {
  const record = types.get(id);
  switch (record?.kind) {
    case "template":
      return record.texts
        .map((text, i) => text + (i < record.types.length ? `\${${partText(types, record.types[i]!)}}` : ""))
        .join("");
    default:
      return partText(types, id);
  }
}

function partText(types: Types, id: TypeId): string {
  const record = types.get(id);
  switch (record?.kind) {
    case "keyword":
      return record.name;
    case "literal":
      return JSON.stringify(record.value);
    case "union":
      return record.types
        .map((option) => partText(types, option))
        .sort()
        .join(" | ");
    case "string-mapping":
      return `${record.mapping}<${partText(types, record.target)}>`;
    case "template":
      return `\`${textOf(types, id)}\``;
    default:
      return "string";
  }
}
