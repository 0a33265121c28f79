// An option's syntax -> an Expression: literals, objects, arrays and templates by themselves, the rest as places to ask the checker about.
import type { Expression, ObjectEntry } from "./declarations.ts";
import { bareExpression, type NodeOf, type SyntaxNode } from "./syntax.ts";

/** Local name of a parameter -> which it is, or which field of one. */
export type ParameterScope = Map<
  string,
  { readonly index: number; readonly path: readonly string[]; readonly fallback?: Expression }
>;

const noParameters: ParameterScope = new Map();

/** `scope`: the parameters of the function it stands in, whose values are known where the function is called. */
export function readExpression(written: SyntaxNode, scope: ParameterScope = noParameters): Expression {
  const node = bareExpression(written);
  const span = { start: node.start, end: node.end };
  switch (node.type) {
    case "Literal":
      return isPlain(node.value) ? { ...span, kind: "value", value: node.value } : { ...span, kind: "other" };
    case "TemplateLiteral":
      return {
        ...span,
        kind: "template",
        texts: node.quasis.map((quasi) => quasi.value.cooked ?? quasi.value.raw),
        parts: node.expressions.map((part) => readExpression(part, scope)),
      };
    case "ArrayExpression":
      return readArray(node, scope);
    case "ObjectExpression":
      return readObject(node, scope);
    case "Identifier": {
      const parameter = scope.get(node.name);
      if (parameter !== undefined) return { ...span, kind: "parameter", ...parameter };
      return node.name === "undefined"
        ? { ...span, kind: "value", value: undefined }
        : { ...span, kind: "name", position: node.start };
    }
    case "MemberExpression": {
      const object = scope.size === 0 ? null : readExpression(node.object, scope);
      if (object?.kind === "parameter") {
        if (node.computed || node.property.type !== "Identifier") return { ...span, kind: "function" };
        return { ...span, kind: "parameter", index: object.index, path: [...object.path, node.property.name] };
      }
      return !node.computed && node.property.type === "Identifier"
        ? { ...span, kind: "name", position: node.property.start }
        : { ...span, kind: "other" };
    }
    case "ArrowFunctionExpression":
    case "FunctionExpression":
    case "ClassExpression":
      return { ...span, kind: "function" };
    default:
      return { ...span, kind: "other" };
  }
}

function isPlain(value: unknown): value is string | number | boolean | null {
  return value === null || typeof value === "string" || typeof value === "number" || typeof value === "boolean";
}

function readArray(node: NodeOf<"ArrayExpression">, scope: ParameterScope): Expression {
  const span = { start: node.start, end: node.end };
  const items: { isSpread: boolean; node: Expression }[] = [];
  for (const element of node.elements) {
    if (element === null) return { ...span, kind: "other" };
    if (element.type === "SpreadElement") items.push({ isSpread: true, node: readExpression(element.argument, scope) });
    else items.push({ isSpread: false, node: readExpression(element, scope) });
  }
  return { ...span, kind: "array", items };
}

function readObject(node: NodeOf<"ObjectExpression">, scope: ParameterScope): Expression {
  const span = { start: node.start, end: node.end };
  const entries: ObjectEntry[] = [];
  for (const property of node.properties) {
    if (property.type === "SpreadElement") {
      entries.push({ kind: "spread", node: readExpression(property.argument, scope) });
      continue;
    }
    const key = keyName(property);
    // A computed key can hide any option; the checker knows the whole object's type.
    if (key === null || property.kind !== "init") return { ...span, kind: "other" };
    const keySpan = { start: property.key.start, end: property.key.end };
    entries.push({ kind: "property", key, keySpan, node: readExpression(property.value, scope) });
  }
  return { ...span, kind: "object", entries };
}

function keyName(property: NodeOf<"Property">): string | null {
  if (property.computed) return null;
  if (property.key.type === "Identifier") return property.key.name;
  return property.key.type === "Literal" && typeof property.key.value === "string" ? property.key.value : null;
}
