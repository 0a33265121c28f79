// A codecs module while it is being written: which functions are still to be emitted, names given out, building blocks imported.
import { comment, quote } from "./quote.ts";
import { createShapes, type Shape, type Shapes } from "./shapes.ts";
import { createTraits, type Mode, type Traits } from "./traits.ts";
import type { Schemas } from "@tenon/model";

export interface CodecFunction {
  readonly name: string;
  readonly shape: Shape;
  readonly mode: Mode;
  /** Start of the names of functions for what is inside: "OrderLines". */
  readonly hint: string;
}

export interface ModuleText {
  readonly schemas: Schemas;
  readonly shapes: Shapes;
  readonly traits: Traits;
  /** Imports a building block of the runtime; gives its name back. */
  use(name: string): string;
  /** The function for a shape; emitted later if not already. */
  functionFor(shape: Shape, mode: Mode, hint: string): string;
  /** A name for something else at the top of the module. */
  uniqueName(wanted: string): string;
  /** A constant at the top of the module; the same text gives the same constant. */
  constant(prefix: string, text: string): string;
  /** A finished function or object. */
  add(lines: readonly string[]): void;
  /** Emits what was asked for until nothing is left, and puts the module together. */
  finish(emit: (wanted: CodecFunction) => readonly string[], runtimeSpecifier: string, title: string): string;
}

export function createModuleText(schemas: Schemas): ModuleText {
  const shapes = createShapes(schemas);
  const traits = createTraits(shapes);
  const imports = new Set<string>();
  const names = new Set<string>();
  const constants = new Map<string, string>();
  const functions = new Map<Shape, Map<Mode, string>>();
  const wanted: CodecFunction[] = [];
  const parts: string[] = [];

  /** Ends in "_" and a number when taken, so that it never equals a name of the runtime. */
  function uniqueName(start: string): string {
    let name = start;
    for (let count = 2; names.has(name) || isRuntimeName(name); count++) name = `${start}_${count}`;
    names.add(name);
    return name;
  }

  function functionFor(shape: Shape, mode: Mode, hint: string): string {
    const key = sameMode(shape, mode);
    const ofShape = functions.get(shape) ?? new Map<Mode, string>();
    functions.set(shape, ofShape);
    let name = ofShape.get(key);
    if (name === undefined) {
      const base = pascalCase(shape.name ?? hint);
      name = uniqueName(key + base);
      ofShape.set(key, name);
      wanted.push({ name, shape, mode: key, hint: base });
    }
    return name;
  }

  /** Modes that come to the same share a function. */
  function sameMode(shape: Shape, mode: Mode): Mode {
    if (mode === "encode" && traits.isPlain(shape)) return "copy";
    return mode === "strict" && !traits.hasFields(shape) ? "decode" : mode;
  }

  function constant(prefix: string, text: string): string {
    let name = constants.get(text);
    if (name === undefined) {
      name = uniqueName(`$${prefix}`);
      constants.set(text, name);
    }
    return name;
  }

  return {
    schemas,
    shapes,
    traits,
    uniqueName,
    functionFor,
    constant,
    use(name) {
      imports.add(name);
      return name;
    },
    add: (lines) => parts.push(lines.join("\n")),
    finish(emit, runtimeSpecifier, title) {
      const roots = parts.splice(0);
      for (let next = wanted.shift(); next !== undefined; next = wanted.shift()) parts.push(emit(next).join("\n"));
      const head = [comment(title)];
      if (imports.size > 0) head.push(`import { ${[...imports].sort().join(", ")} } from ${quote(runtimeSpecifier)};`);
      const values = [...constants].map(([text, name]) => `const ${name} = ${text};`);
      const blocks = [head.join("\n"), ...(values.length > 0 ? [values.join("\n")] : []), ...parts, ...roots];
      return `${blocks.join("\n\n")}\n`;
    },
  };
}

/** "shop.OrderLine<string>" -> "ShopOrderLineString". */
export function pascalCase(text: string): string {
  const words = text.split(/[^A-Za-z0-9$]+/).filter((word) => word !== "");
  const name = words.map((word) => word[0]!.toUpperCase() + word.slice(1)).join("");
  return name === "" ? "Value" : name;
}

/** Names of the runtime that a function of ours could be given: `copyDate` for a definition called "Date". */
function isRuntimeName(name: string): boolean {
  return /^(?:decode|encode|copy)(?:Date|Bigint|Decimal|Bytes|Url|Json|JsonItem)$/.test(name);
}
