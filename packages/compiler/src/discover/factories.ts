// Functions that declare an endpoint for who calls them (`function admin(path, handler) { return api({ path, auth: true }, handler) }`),
// and the calls that may be theirs. Which belong together is known when all files are.
import type { Binding, EndpointFactory, Expression, FactoryUse } from "./declarations.ts";
import { type ParameterScope, readExpression } from "./expression.ts";
import { bareExpression, type FunctionNode, type NodeOf, type SyntaxNode } from "./syntax.ts";

export interface FunctionScope {
  readonly name: string;
  readonly node: SyntaxNode;
  readonly parameters: ParameterScope;
}

/** The functions that a file has at its top level under a name. */
export function findFunctions(program: NodeOf<"Program">): FunctionScope[] {
  return program.body.flatMap((statement) => {
    const declaration =
      statement.type === "ExportNamedDeclaration" || statement.type === "ExportDefaultDeclaration"
        ? statement.declaration
        : statement;
    if (declaration?.type === "FunctionDeclaration") return scopeOf(declaration.id?.name ?? "", declaration);
    if (declaration?.type !== "VariableDeclaration") return [];
    return declaration.declarations.flatMap(({ id, init }) => {
      const value = init === null ? null : bareExpression(init);
      if (id.type !== "Identifier" || value === null) return [];
      if (value.type !== "ArrowFunctionExpression" && value.type !== "FunctionExpression") return [];
      return scopeOf(id.name, value);
    });
  });
}

function scopeOf(name: string, node: FunctionNode): FunctionScope[] {
  const parameters: ParameterScope = new Map();
  for (const [index, written] of node.params.entries()) {
    const parameter = written.type === "TSParameterProperty" ? written.parameter : written;
    addNames(parameters, parameter, index, []);
  }
  return [{ name, node, parameters }];
}

function addNames(scope: ParameterScope, pattern: SyntaxNode, index: number, path: readonly string[]): void {
  if (pattern.type === "Identifier") scope.set(pattern.name, { index, path });
  if (pattern.type === "AssignmentPattern" && pattern.left.type === "Identifier")
    scope.set(pattern.left.name, { index, path, fallback: readExpression(pattern.right) });
  if (pattern.type !== "ObjectPattern") return;
  for (const property of pattern.properties) {
    if (property.type !== "Property" || property.computed || property.key.type !== "Identifier") continue;
    addNames(scope, property.value, index, [...path, property.key.name]);
  }
}

/** A call whose value is exported, of a function that may be such a one. */
export function findFactoryUse(
  node: SyntaxNode,
  binding: Binding,
  imported: ReadonlyMap<string, { readonly specifier: string; readonly name: string }>,
): FactoryUse | null {
  if (node.type !== "CallExpression" || binding.exportName === null) return null;
  const callee = bareExpression(node.callee);
  if (callee.type !== "Identifier") return null;
  const from = imported.get(callee.name);
  return {
    callee: from === undefined ? { specifier: null, name: callee.name } : from,
    call: { start: node.start, end: node.end },
    binding,
    arguments: node.arguments.map((argument) => (argument.type === "SpreadElement" ? null : readExpression(argument))),
  };
}

/** What the options of a factory's endpoint are for one of its uses. */
export function optionsFor(factory: EndpointFactory, use: FactoryUse, factoryFile: string | null): Expression | null {
  if (factory.options === null) return null;
  return fillIn(factory.options, use, factoryFile);
}

/** `factoryFile`: where the expression stands when that is another file than the use's. */
function fillIn(expression: Expression, use: FactoryUse, factoryFile: string | null): Expression {
  const span = factoryFile === null ? { start: expression.start, end: expression.end } : use.call;
  const inner = (one: Expression) => fillIn(one, use, factoryFile);
  switch (expression.kind) {
    case "parameter":
      return argumentFor(expression, use, inner);
    case "object":
      return {
        ...span,
        kind: "object",
        entries: expression.entries.map((entry) =>
          entry.kind === "spread"
            ? { ...entry, node: inner(entry.node) }
            : { ...entry, keySpan: factoryFile === null ? entry.keySpan : use.call, node: inner(entry.node) },
        ),
      };
    case "array":
      return { ...span, kind: "array", items: expression.items.map((item) => ({ ...item, node: inner(item.node) })) };
    case "template":
      return { ...span, kind: "template", texts: expression.texts, parts: expression.parts.map(inner) };
    case "name":
      return { ...expression, ...span, ...(factoryFile === null ? {} : { file: factoryFile }) };
    case "other":
      // The checker is asked by the place in the use's file, where this does not stand.
      return factoryFile === null ? expression : { ...span, kind: "function" };
    default:
      return { ...expression, ...span };
  }
}

function argumentFor(
  { index, path, fallback }: Extract<Expression, { kind: "parameter" }>,
  use: FactoryUse,
  inner: (one: Expression) => Expression,
): Expression {
  let value = use.arguments[index];
  for (const step of path) {
    if (value == null) break;
    // What stands in a variable is not looked into.
    if (value.kind !== "object") return { ...use.call, kind: "function" };
    const entries: readonly { readonly kind: string; readonly key?: string; readonly node: Expression }[] =
      value.entries;
    value = entries.findLast(({ key }) => key === step)?.node;
  }
  if (value === null) return { ...use.call, kind: "function" };
  if (value !== undefined) return value;
  return fallback === undefined ? { ...use.call, kind: "value", value: undefined } : inner(fallback);
}
