// The functions that a codec's entries name: the value as a whole, where null, undefined and scalars are possible too.
import type { Schema } from "@tenon/model";
import type { ModuleText } from "./module-text.ts";
import { indent } from "./quote.ts";
import { inlineCode } from "./scalar-code.ts";
import type { Mode } from "./traits.ts";
import { functionName } from "./value-code.ts";

/** Name of a function `(value, issues) => value` at the top of the module. */
export function rootFunction(m: ModuleText, schema: Schema, mode: Mode, hint: string): string {
  const { shape, nullable, undefinable } = m.shapes.slotOf(schema);
  const name = functionName(m, shape, mode, hint);
  const recursive = m.shapes.reachesRecursion(shape);
  if (name !== null && !nullable && (!undefinable || shape.schema.kind === "any") && !recursive) return name;
  const root = m.uniqueName(`${mode}${hint}`);
  const inline = inlineCode(m, shape, mode, nullable);
  const lines = [
    ...(nullable ? ["if (value === null) return null;"] : []),
    ...(undefinable ? ["if (value === undefined) return undefined;"] : []),
    ...(inline === null
      ? [`return ${name}(value, issues${recursive ? ", 1" : ""});`]
      : [
          `if (${inline.wrongType("value")}) return void ${inline.refuse('""', "value")};`,
          ...inline.ruleLines('""', "value", ""),
          `return ${inline.result("value")};`,
        ]),
  ];
  m.add([`function ${root}(value, issues) {`, ...indent(lines), "}"]);
  return root;
}

export interface RootFunctions {
  readonly decode: string;
  readonly encode: string;
  readonly copy: string;
}

/** All three; encoding is copying where the wire form is the form in memory. */
export function rootFunctions(m: ModuleText, schema: Schema, hint: string): RootFunctions {
  const copy = rootFunction(m, schema, "copy", hint);
  const { shape } = m.shapes.slotOf(schema);
  return {
    decode: rootFunction(m, schema, "decode", hint),
    encode: m.traits.isPlain(shape) ? copy : rootFunction(m, schema, "encode", hint),
    copy,
  };
}
