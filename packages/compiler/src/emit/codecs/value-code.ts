// The statements that check and convert one value in its place: a property, an item, a key.
import { inlineCode } from "./scalar-code.ts";
import type { ModuleText } from "./module-text.ts";
import { indent } from "./quote.ts";
import { rulesOf } from "./rule-code.ts";
import type { Shape, Slot } from "./shapes.ts";
import { isFromWire, type Mode } from "./traits.ts";

export interface Place {
  /** The variable to declare. */
  readonly variable: string;
  /** Expression that reads the value. */
  readonly source: string;
  /** Properties may be absent; undefined among items travels as null. */
  readonly position: "property" | "item";
  /** Expression for the path of an issue right here. */
  readonly path: string;
  /** The call that puts this place in front of the issues from `seen` on. */
  readonly under: string;
  /** Start of the names of functions for what is inside. */
  readonly hint: string;
  /** Whether the function keeps `seen`: needed as soon as one of its places needs a call. */
  readonly keepsSeen: boolean;
  /** Expression for what stands in when a property is absent. */
  readonly byDefault?: string;
}

export interface PlaceCode {
  readonly lines: readonly string[];
  /** Expression for the converted value. */
  readonly result: string;
}

/** Expects `issues` and, when the slot needs calls, `seen` (how many issues have their full path) to be in scope. */
export function placeCode(m: ModuleText, slot: Slot, mode: Mode, place: Place): PlaceCode {
  const { variable, source, position } = place;
  if (slot.shape.schema.kind === "any") return anyCode(m, place);
  const inline = inlineCode(m, slot.shape, mode, slot.nullable);
  const before = position === "item" ? undefinedItem(slot, mode, variable) : absentProperty(place);
  const guards = [
    ...(slot.nullable ? [`${variable} !== null`] : []),
    ...(slot.undefinable && (position === "property" || (mode === "copy" && !slot.nullable))
      ? [`${variable} !== undefined`]
      : []),
  ];
  if (inline !== null) {
    const wrong = inline.wrongType(variable);
    const parts = [...guards, guards.length > 0 && wrong.includes(" || ") ? `(${wrong})` : wrong];
    const seen = place.keepsSeen ? "seen = " : "";
    const check = `if (${parts.join(" && ")}) ${seen}${inline.refuse(place.path, variable)};`;
    const rules = inline.ruleLines(place.path, variable, seen);
    const ifRight = guards.length > 0 ? `else if (${guards.join(" && ")}) {` : "else {";
    const ruled = rules.length === 0 ? [] : [ifRight, ...indent(rules), "}"];
    const lines = before === null ? [check, ...ruled] : [before, `else ${check}`, ...ruled];
    return {
      lines: [`${before === null ? "const" : "let"} ${variable} = ${source};`, ...lines],
      result:
        inline.constant && (slot.nullable || slot.undefinable)
          ? `${variable} === null || ${variable} === undefined ? ${variable} : ${inline.result(variable)}`
          : inline.result(variable),
    };
  }
  const call = (argument: string) => callCode(m, slot.shape, mode, argument, place.hint);
  const after = `if (issues.length !== seen) seen = ${place.under};`;
  if (before === null && guards.length === 0) {
    return { lines: [`const ${variable} = ${call(source)};`, after], result: variable };
  }
  const convert = indent([`${variable} = ${call(variable)};`, after]);
  const open = guards.length > 0 ? `if (${guards.join(" && ")}) {` : "{";
  return {
    lines: [`let ${variable} = ${source};`, ...(before === null ? [open] : [before, `else ${open}`]), ...convert, "}"],
    result: variable,
  };
}

function absentProperty({ variable, byDefault }: Place): string | null {
  return byDefault === undefined ? null : `if (${variable} === undefined) ${variable} = ${byDefault};`;
}

/** JSON writes undefined among items as null; it arrives as null where the type has null, else as undefined again. */
function undefinedItem(slot: Slot, mode: Mode, variable: string): string | null {
  if (!slot.undefinable) return null;
  if (isFromWire(mode)) return slot.nullable ? null : `if (${variable} === null) ${variable} = undefined;`;
  if (mode === "encode" || slot.nullable) return `if (${variable} === undefined) ${variable} = null;`;
  return null;
}

function anyCode(m: ModuleText, place: Place): PlaceCode {
  const copy = m.use(place.position === "item" ? "copyJsonItem" : "copyJson");
  const absent = absentProperty(place);
  return {
    lines: [
      `${absent === null ? "const" : "let"} ${place.variable} = ${copy}(${place.source}, issues);`,
      `if (issues.length !== seen) seen = ${place.under};`,
      ...(absent === null ? [] : [absent]),
    ],
    result: place.variable,
  };
}

/** Whether the place of such a value needs `seen`. */
export function needsCall(m: ModuleText, slot: Slot, mode: Mode): boolean {
  return inlineCode(m, slot.shape, mode) === null;
}

const scalarNames = { date: "Date", bigint: "Bigint", decimal: "Decimal", bytes: "Bytes", url: "Url" } as const;

/** The runtime's function for a scalar that is not written as it is in memory; null for any other kind. */
export function scalarFunction(m: ModuleText, { schema }: Shape, mode: Mode): string | null {
  const name = schema.kind in scalarNames ? scalarNames[schema.kind as keyof typeof scalarNames] : null;
  return name === null ? null : m.use((mode === "strict" ? "decode" : mode) + name);
}

/** The name of the function that converts such a value; null when it is converted in place. */
export function functionName(m: ModuleText, shape: Shape, mode: Mode, hint: string): string | null {
  const { kind } = shape.schema;
  if (kind === "any") return m.use("copyJson");
  const scalar = rulesOf(shape.schema).length === 0 ? scalarFunction(m, shape, mode) : null;
  if (scalar !== null) return scalar;
  return inlineCode(m, shape, mode) === null ? m.functionFor(shape, mode, hint) : null;
}

/** Calls the function of a shape from within another: hands on the depth where it matters. */
export function callCode(m: ModuleText, shape: Shape, mode: Mode, argument: string, hint: string): string {
  const name = functionName(m, shape, mode, hint);
  if (name === null) throw new Error(`a ${shape.schema.kind} is converted in place`);
  if (!m.shapes.reachesRecursion(shape)) return `${name}(${argument}, issues)`;
  return `${name}(${argument}, issues, ${countsDepth(m, shape) ? "depth + 1" : "depth"})`;
}

/** One level of nesting is one recursive definition or union entered; the arrays between do not count. */
export function countsDepth(m: ModuleText, shape: Shape): boolean {
  return m.shapes.isRecursive(shape) && (shape.name !== null || shape.schema.kind === "options");
}
