// Where a local name is declared anew, so that it no longer means what was imported under it: `site` in `(site: Site) => site.url`.
import type { Span } from "./declarations.ts";
import { isNode, type SyntaxNode } from "./syntax.ts";

/** Says whether the name at a position means something of its own there. */
export type IsShadowed = (name: string, position: number) => boolean;

export function findShadows(program: SyntaxNode, names: ReadonlySet<string>): IsShadowed {
  if (names.size === 0) return () => false;
  const shadows = new Map<string, Span[]>();
  const declare = (name: string, { start, end }: Span): void => {
    if (names.has(name)) shadows.set(name, [...(shadows.get(name) ?? []), { start, end }]);
  };
  visit(program, null, null, declare);
  return (name, position) => shadows.get(name)?.some(({ start, end }) => start <= position && position < end) === true;
}

/** `block` and `body`: the nearest scopes of `let` and of `var`; null: the file itself, whose names are the imports' own. */
function visit(
  node: SyntaxNode,
  block: SyntaxNode | null,
  body: SyntaxNode | null,
  declare: (name: string, scope: Span) => void,
): void {
  const isFunction = /^(?:FunctionDeclaration|FunctionExpression|ArrowFunctionExpression)$/.test(node.type);
  const isBlock = /^(?:BlockStatement|For\w*Statement|SwitchStatement|CatchClause|StaticBlock|Class\w+)$/.test(
    node.type,
  );
  const inner = isFunction || isBlock ? node : block;
  const innerBody = isFunction ? node : body;
  if ((node.type === "FunctionDeclaration" || node.type === "ClassDeclaration") && node.id !== null && block !== null)
    declare(node.id.name, block);
  if (node.type === "FunctionExpression" || node.type === "ClassExpression") {
    if (node.id != null) declare(node.id.name, node);
  }
  if ("params" in node && isFunction) for (const name of namesIn(node.params)) declare(name, node);
  if (node.type === "CatchClause") for (const name of namesIn(node.param)) declare(name, node);
  if (node.type === "VariableDeclaration") {
    const scope = node.kind === "var" ? body : block;
    if (scope !== null) for (const { id } of node.declarations) for (const name of namesIn(id)) declare(name, scope);
  }
  for (const child of Object.values(node)) {
    for (const one of Array.isArray(child) ? child : [child]) if (isNode(one)) visit(one, inner, innerBody, declare);
  }
}

/** What a pattern declares: not its keys, default values and types. */
function namesIn(pattern: unknown): string[] {
  if (Array.isArray(pattern)) return pattern.flatMap(namesIn);
  if (!isNode(pattern)) return [];
  switch (pattern.type) {
    case "Identifier":
      return [pattern.name];
    case "AssignmentPattern":
      return namesIn(pattern.left);
    case "RestElement":
      return namesIn(pattern.argument);
    case "ArrayPattern":
      return namesIn(pattern.elements);
    case "ObjectPattern":
      return pattern.properties.flatMap((one) => namesIn(one.type === "Property" ? one.value : one));
    case "TSParameterProperty":
      return namesIn(pattern.parameter);
    default:
      return [];
  }
}
