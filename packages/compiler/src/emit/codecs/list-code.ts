// Functions for arrays, tuples and sets.
import type { Schema, TupleItem } from "@tenon/model";
import type { CodecFunction, ModuleText } from "./module-text.ts";
import { indent, quote } from "./quote.ts";
import { ruleLines } from "./rule-code.ts";
import type { Slot } from "./shapes.ts";
import { isFromWire } from "./traits.ts";
import { needsCall, type PlaceCode, placeCode } from "./value-code.ts";

type ListSchema = Extract<Schema, { kind: "array" | "set" }>;

export function arrayLines(m: ModuleText, schema: ListSchema, wanted: CodecFunction): string[] {
  const slot = m.shapes.slotOf(schema.items);
  const keepsSeen = needsCall(m, slot, wanted.mode);
  return [
    refuseUnlessArray(m),
    ...(keepsSeen ? ["let seen = issues.length;"] : []),
    ...ruleLines(m, schema, "value", '""', keepsSeen ? "seen = " : ""),
    ...(isFromWire(wanted.mode)
      ? overwriteLines(m, slot, wanted, keepsSeen)
      : ["const result = [];", ...loopLines(m, slot, wanted, "0", "value.length", keepsSeen)]),
    "return result;",
  ];
}

/**
 * A parsed array is copied whole and its items are replaced: it neither grows nor has holes, both of which cost more. In memory it
 * could be of a class of the user's, whose copy would be one too.
 */
function overwriteLines(m: ModuleText, slot: Slot, wanted: CodecFunction, keepsSeen: boolean): string[] {
  const item = itemCode(m, slot, wanted, keepsSeen);
  const isKept = item.result === "item" && item.lines[0] === "const item = value[index];";
  return [
    "const result = value.slice();",
    "for (let index = 0; index < value.length; index++) {",
    ...indent([...item.lines, ...(isKept ? [] : [`result[index] = ${item.result};`])]),
    "}",
  ];
}

function refuseUnlessArray(m: ModuleText): string {
  return `if (!Array.isArray(value)) return void ${m.use("refuse")}(issues, "", "invalid_type", "an array", value);`;
}

function loopLines(
  m: ModuleText,
  slot: Slot,
  wanted: CodecFunction,
  from: string,
  to: string,
  keepsSeen: boolean,
): string[] {
  const item = itemCode(m, slot, wanted, keepsSeen);
  return [
    `for (let index = ${from}; index < ${to}; index++) {`,
    ...indent([...item.lines, `result.push(${item.result});`]),
    "}",
  ];
}

function itemCode(m: ModuleText, slot: Slot, wanted: CodecFunction, keepsSeen: boolean): PlaceCode {
  return placeCode(m, slot, wanted.mode, {
    variable: "item",
    source: "value[index]",
    position: "item",
    path: `\`[\${index}]\``,
    under: needsCall(m, slot, wanted.mode) ? `${m.use("underIndex")}(issues, seen, index)` : "",
    hint: `${wanted.hint}Item`,
    keepsSeen,
  });
}

interface TupleParts {
  readonly items: readonly TupleItem[];
  readonly rest?: Schema;
  readonly suffix?: readonly TupleItem[];
}

export function tupleLines(m: ModuleText, tuple: TupleParts, wanted: CodecFunction): string[] {
  const { items, rest, suffix = [] } = tuple;
  const least = suffix.length > 0 ? items.length : items.filter((item) => !item.optional).length;
  const min = least + suffix.length;
  const max = rest === undefined ? items.length + suffix.length : Infinity;
  const wrongLength = [
    ...(min > 0 ? [`value.length < ${min}`] : []),
    ...(max < Infinity ? [`value.length > ${max}`] : []),
  ];
  const lines = [refuseUnlessArray(m), "let seen = issues.length;", "const result = [];"];
  if (wrongLength.length > 0) {
    const message = `\`must have ${lengthWords(min, max)}, got \${value.length}\``;
    lines.push(`if (${wrongLength.join(" || ")}) seen = ${m.use("fail")}(issues, "", "invalid_length", ${message});`);
  }
  for (const [index, item] of items.entries()) {
    lines.push(`if (value.length > ${index}) {`, ...indent(positionLines(m, item, wanted, String(index), index)), "}");
  }
  const restEnd = suffix.length > 0 ? `value.length - ${suffix.length}` : "value.length";
  if (rest !== undefined) {
    const slot = m.shapes.slotOf(rest);
    lines.push(...loopLines(m, slot, { ...wanted, hint: `${wanted.hint}Rest` }, String(items.length), restEnd, true));
  }
  if (suffix.length > 0) {
    lines.push(`if (value.length >= ${min}) {`);
    for (const [index, item] of suffix.entries()) {
      const at = `value.length - ${suffix.length - index}`;
      lines.push(...indent(["{", ...indent(positionLines(m, item, wanted, at, items.length + index)), "}"]));
    }
    lines.push("}");
  }
  return [...lines, "return result;"];
}

function positionLines(m: ModuleText, item: TupleItem, wanted: CodecFunction, at: string, number: number): string[] {
  const found = m.shapes.slotOf(item.schema);
  const slot = item.optional ? { ...found, undefinable: true } : found;
  const place = placeCode(m, slot, wanted.mode, {
    variable: "item",
    source: `value[${at}]`,
    position: "item",
    path: /^\d+$/.test(at) ? quote(`[${at}]`) : `\`[\${${at}}]\``,
    under: `${m.use("underIndex")}(issues, seen, ${at})`,
    hint: `${wanted.hint}Item${number + 1}`,
    keepsSeen: true,
  });
  return [...place.lines, `result.push(${place.result});`];
}

function lengthWords(min: number, max: number): string {
  const words = (count: number) => (count === 1 ? "1 item" : `${count} items`);
  if (min === max) return words(min);
  return max === Infinity ? `at least ${words(min)}` : `${min} to ${words(max)}`;
}

export function setLines(m: ModuleText, schema: ListSchema, wanted: CodecFunction): string[] {
  const { mode } = wanted;
  const slot = m.shapes.slotOf(schema.items);
  const item = placeCode(m, slot, mode, {
    variable: "item",
    source: isFromWire(mode) ? "value[index]" : "member",
    position: "item",
    path: `\`[\${index}]\``,
    under: `${m.use("underIndex")}(issues, seen, index)`,
    hint: `${wanted.hint}Item`,
    keepsSeen: true,
  });
  const refuse = m.use("refuse");
  const opening = isFromWire(mode)
    ? ["for (let index = 0; index < value.length; index++) {", "  const before = issues.length;"]
    : ["let index = 0;", "for (const member of value) {", "  const before = issues.length;"];
  const lines = [
    isFromWire(mode)
      ? refuseUnlessArray(m)
      : `if (!${m.use("isSet")}(value)) return void ${refuse}(issues, "", "invalid_type", "a Set", value);`,
    "let seen = issues.length;",
    mode === "encode" ? "const result = [];" : "const result = new Set();",
    ...opening,
    ...indent([
      ...item.lines,
      ...(mode === "encode" ? [`result.push(${item.result});`] : addToSet(m, item.result)),
      ...(isFromWire(mode) ? [] : ["index++;"]),
    ]),
    "}",
    ...ruleLines(m, schema, isFromWire(mode) ? "result" : "value", '""', ""),
    "return result;",
  ];
  return mode === "encode" ? lines.filter((line) => line !== "  const before = issues.length;") : lines;
}

function addToSet(m: ModuleText, result: string): string[] {
  const duplicate = `${m.use("fail")}(issues, \`[\${index}]\`, "duplicate_key", "must not repeat a value")`;
  return [
    `const entry = ${result};`,
    `if (issues.length === before && result.has(entry)) seen = ${duplicate};`,
    "result.add(entry);",
  ];
}
