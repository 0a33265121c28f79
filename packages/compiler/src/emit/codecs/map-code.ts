// Functions for Map: an object on the wire when all keys are strings, else an array of [key, value] pairs.
import type { Schema } from "@tenon/model";
import { expectation } from "./describe.ts";
import type { CodecFunction, ModuleText } from "./module-text.ts";
import { keyTest } from "./object-code.ts";
import { indent, quote } from "./quote.ts";
import { ruleLines } from "./rule-code.ts";
import { isFromWire } from "./traits.ts";
import { placeCode } from "./value-code.ts";

type MapParts = Extract<Schema, { kind: "map" }>;

export function mapLines(m: ModuleText, map: MapParts, wanted: CodecFunction): string[] {
  const key = m.shapes.slotOf(map.key);
  const objectOnWire = m.traits.isStringKeyed(key.shape) && !key.nullable && !key.undefinable;
  return objectOnWire ? objectFormLines(m, map, wanted) : entriesFormLines(m, map, wanted);
}

function refuseUnlessMap(m: ModuleText): string {
  return `if (!${m.use("isMap")}(value)) return void ${m.use("refuse")}(issues, "", "invalid_type", "a Map", value);`;
}

function objectFormLines(m: ModuleText, map: MapParts, wanted: CodecFunction): string[] {
  const { mode } = wanted;
  const refuse = m.use("refuse");
  const test = keyTest(m, map.key, "key");
  const expected = expectation(m.shapes.slotOf(map.key).shape, m.shapes);
  const keyWrong = `${m.use("fail")}(issues, ${m.use("pathSegment")}(key), "not_allowed", ${quote(`must have keys like ${expected}`)});`;
  const item = placeCode(m, m.shapes.slotOf(map.value), mode, {
    variable: "item",
    source: isFromWire(mode) ? "value[key]" : "member",
    position: "item",
    path: `${m.use("pathSegment")}(key)`,
    under: `${m.use("underKey")}(issues, seen, key)`,
    hint: `${wanted.hint}Value`,
    keepsSeen: true,
  });
  const store =
    mode === "encode" ? `${m.use("setOwn")}(result, key, ${item.result});` : `result.set(key, ${item.result});`;
  return [
    isFromWire(mode)
      ? `if (!${m.use("isObject")}(value)) return void ${refuse}(issues, "", "invalid_type", "an object", value);`
      : refuseUnlessMap(m),
    "let seen = issues.length;",
    mode === "encode" ? "const result = {};" : "const result = new Map();",
    isFromWire(mode) ? "for (const key of Object.keys(value)) {" : "for (const [key, member] of value) {",
    ...indent([
      ...(isFromWire(mode) ? [] : refuseOtherKeys(m)),
      ...(test === "true" ? [] : [`if (!(${test})) seen = ${keyWrong}`]),
      ...item.lines,
      store,
    ]),
    "}",
    ...ruleLines(m, map, isFromWire(mode) ? "result" : "value", '""', ""),
    mode === "copy" ? `return ${m.use("inWireOrder")}(result);` : "return result;",
  ];
}

function refuseOtherKeys(m: ModuleText): string[] {
  return [
    'if (typeof key !== "string") {',
    `  seen = ${m.use("fail")}(issues, "", "invalid_type", \`must have strings as keys, got \${${m.use("kindOf")}(key)}\`);`,
    "  continue;",
    "}",
  ];
}

function entriesFormLines(m: ModuleText, map: MapParts, wanted: CodecFunction): string[] {
  const { mode } = wanted;
  const part = (at: 0 | 1) =>
    placeCode(m, m.shapes.slotOf(at === 0 ? map.key : map.value), mode, {
      variable: at === 0 ? "key" : "item",
      source: isFromWire(mode) ? `entry[${at}]` : at === 0 ? "memberKey" : "member",
      position: "item",
      path: `\`[\${index}][${at}]\``,
      under: `${m.use("under")}(issues, seen, \`[\${index}][${at}]\`)`,
      hint: `${wanted.hint}${at === 0 ? "Key" : "Value"}`,
      keepsSeen: true,
    });
  const key = part(0);
  const item = part(1);
  const pairs = quote("an array of [key, value] pairs");
  const lines = [
    ...(mode === "encode" ? [] : ["const before = issues.length;"]),
    ...key.lines,
    ...(mode === "encode" ? [] : duplicateCheck(m, key.result)),
    ...item.lines,
    mode === "encode" ? `result.push([${key.result}, ${item.result}]);` : `result.set(entryKey, ${item.result});`,
  ];
  const start = isFromWire(mode)
    ? [`if (!Array.isArray(value)) return void ${m.use("refuse")}(issues, "", "invalid_type", ${pairs}, value);`]
    : [refuseUnlessMap(m)];
  return [
    ...start,
    "let seen = issues.length;",
    mode === "encode" ? "const result = [];" : "const result = new Map();",
    ...(isFromWire(mode) ? decodeLoop(m, lines) : memoryLoop(lines)),
    ...ruleLines(m, map, isFromWire(mode) ? "result" : "value", '""', ""),
    "return result;",
  ];
}

function duplicateCheck(m: ModuleText, key: string): string[] {
  const fail = m.use("fail");
  return [
    `const entryKey = ${key};`,
    "if (issues.length === before && result.has(entryKey)) {",
    `  seen = ${fail}(issues, \`[\${index}][0]\`, "duplicate_key", "must not repeat a key");`,
    "}",
  ];
}

function decodeLoop(m: ModuleText, lines: readonly string[]): string[] {
  return [
    "for (let index = 0; index < value.length; index++) {",
    "  const entry = value[index];",
    "  if (!Array.isArray(entry) || entry.length !== 2) {",
    `    seen = ${m.use("refuse")}(issues, \`[\${index}]\`, "invalid_type", "a [key, value] pair", entry);`,
    "    continue;",
    "  }",
    ...indent(lines),
    "}",
  ];
}

function memoryLoop(lines: readonly string[]): string[] {
  return ["let index = 0;", "for (const [memberKey, member] of value) {", ...indent([...lines, "index++;"]), "}"];
}
