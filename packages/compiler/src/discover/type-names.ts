// Which names can shape the types of a file's declarations: all but those that only stand in bodies of functions with a written
// return type. An import of the others is no reason to read types anew.
import type { Span } from "./declarations.ts";
import { isNode, type SyntaxNode } from "./syntax.ts";

export interface TypeNames {
  readonly names: ReadonlySet<string>;
  /** Bodies that were left out. */
  readonly bodies: readonly Span[];
}

export function findTypeNames(program: SyntaxNode): TypeNames {
  const names = new Set<string>();
  const bodies: Span[] = [];
  const visit = (node: SyntaxNode): void => {
    if (node.type === "ImportDeclaration") return;
    // Property names are taken along: one too many costs time, one too few an edit that is not seen.
    if (node.type === "Identifier" || node.type === "JSXIdentifier") names.add(node.name);
    const body = bodyWithoutTypes(node);
    if (body !== null) bodies.push({ start: body.start, end: body.end });
    for (const child of Object.values(node)) {
      if (child === body) continue;
      if (Array.isArray(child)) {
        for (const item of child) if (isNode(item)) visit(item);
      } else if (isNode(child)) visit(child);
    }
  };
  visit(program);
  return { names, bodies };
}

function bodyWithoutTypes(node: SyntaxNode): SyntaxNode | null {
  switch (node.type) {
    case "FunctionDeclaration":
    case "FunctionExpression":
    case "ArrowFunctionExpression":
      return node.returnType == null ? null : node.body;
    default:
      return null;
  }
}
