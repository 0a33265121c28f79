// Expressions of options -> their values: what is written plainly by itself, the rest by the literal type the checker gives it.
import type { Expression } from "../discover/declarations.ts";
import type { TypeId, TypeRecord } from "../source/type-source.ts";

export type OptionValue =
  | string
  | number
  | boolean
  | null
  | undefined
  | readonly OptionValue[]
  | { readonly [key: string]: OptionValue };

/** A value in a box, so that `undefined` and "not known" stay apart, also as JSON. */
export type Known = { readonly value?: OptionValue } | null;

/** The places in an expression that only the checker knows, in order. */
export function leavesOf(expression: Expression | null): Expression[] {
  switch (expression?.kind) {
    case "object":
      return expression.entries.flatMap(({ node }) => leavesOf(node));
    case "array":
      return expression.items.flatMap(({ node }) => leavesOf(node));
    case "template":
      return expression.parts.flatMap(leavesOf);
    case "name":
    case "other":
      return [expression];
    default:
      return [];
  }
}

/** null: the type is wider than one value. */
export function valueOfType(types: ReadonlyMap<TypeId, TypeRecord>, id: TypeId, depth = 0): Known {
  const record = types.get(id);
  if (record === undefined || depth > 10) return null;
  switch (record.kind) {
    case "literal":
      return { value: record.value };
    case "keyword":
      return record.name === "null" ? { value: null } : record.name === "undefined" ? {} : null;
    case "tuple": {
      if (record.elements.some(({ form }) => form !== "required")) return null;
      const items = record.elements.map(({ type }) => valueOfType(types, type, depth + 1));
      return items.includes(null) ? null : { value: items.map((item) => item!.value) };
    }
    case "object": {
      const { properties, index } = record.members;
      if (index.length > 0 || properties.some(({ isOptional }) => isOptional)) return null;
      const entries: [string, OptionValue][] = [];
      for (const { name, type } of properties) {
        const known = valueOfType(types, type, depth + 1);
        if (known === null) return null;
        entries.push([name, known.value]);
      }
      return { value: Object.fromEntries(entries) };
    }
    default:
      return null;
  }
}

/** An option's value with where it stands; the place of the whole when it comes out of a spread. */
export interface Located {
  readonly start: number;
  readonly end: number;
  /** null: not known at compile time. */
  readonly known: Known;
}

/** `leaf` gives what the checker said about a leaf of the expression. */
export function evaluate(expression: Expression, leaf: (expression: Expression) => Known): Known {
  switch (expression.kind) {
    case "value":
      return { value: expression.value };
    case "template": {
      let text = expression.texts[0]!;
      for (const [i, part] of expression.parts.entries()) {
        const known = evaluate(part, leaf);
        if (known === null || (typeof known.value === "object" && known.value !== null)) return null;
        text += String(known.value) + expression.texts[i + 1]!;
      }
      return { value: text };
    }
    case "array": {
      const items: OptionValue[] = [];
      for (const { isSpread, node } of expression.items) {
        const known = evaluate(node, leaf);
        if (known === null) return null;
        if (!isSpread) items.push(known.value);
        else if (Array.isArray(known.value)) items.push(...known.value);
        else return null;
      }
      return { value: items };
    }
    case "object": {
      const options = evaluateOptions(expression, leaf);
      if (options === null || [...options.values()].some(({ known }) => known === null)) return null;
      return { value: Object.fromEntries([...options].map(([key, { known }]) => [key, known!.value])) };
    }
    case "function":
    case "parameter":
      return null;
    default:
      return leaf(expression);
  }
}

/** The options one by one, so that each can be reported by itself; null when not even their names are known. */
export function evaluateOptions(
  expression: Expression,
  leaf: (expression: Expression) => Known,
): ReadonlyMap<string, Located> | null {
  const options = new Map<string, Located>();
  const { start, end } = expression;
  if (expression.kind !== "object") {
    const known = evaluate(expression, leaf);
    if (known === null || typeof known.value !== "object" || known.value === null || Array.isArray(known.value))
      return null;
    for (const [key, value] of Object.entries(known.value)) options.set(key, { start, end, known: { value } });
    return options;
  }
  for (const entry of expression.entries) {
    if (entry.kind === "property") {
      const { node } = entry;
      options.set(entry.key, { start: node.start, end: node.end, known: evaluate(node, leaf) });
      continue;
    }
    const spread = evaluateOptions(entry.node, leaf);
    if (spread === null) return null;
    for (const [key, located] of spread) options.set(key, { ...located, start: entry.node.start, end: entry.node.end });
  }
  return options;
}
