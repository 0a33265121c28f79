// The few shapes of the parser's syntax tree (ESTree) that discovery looks at, and a walk that leaves types out.
import type { ESTree } from "rolldown/utils";

export type SyntaxNode = ESTree.Node;
export type NodeOf<Type extends SyntaxNode["type"]> = Extract<SyntaxNode, { type: Type }>;

export type ClassNode = ESTree.Class;
export type FunctionNode = ESTree.Function | ESTree.ArrowFunctionExpression;

/** TypeScript nodes that hold run-time expressions; all other TS nodes are types. */
const runtimeTypeScriptNodes: ReadonlySet<string> = new Set([
  "TSAsExpression",
  "TSSatisfiesExpression",
  "TSNonNullExpression",
  "TSTypeAssertion",
  "TSInstantiationExpression",
  "TSEnumDeclaration",
  "TSEnumBody",
  "TSEnumMember",
  "TSModuleDeclaration",
  "TSModuleBlock",
  "TSExportAssignment",
  "TSParameterProperty",
]);

export type Visit = (node: SyntaxNode, parent: SyntaxNode | null, key: string) => void;

/** Calls `visit` for every node that exists at run time, parents first. */
export function walkRuntime(node: SyntaxNode, visit: Visit, parent: SyntaxNode | null = null, key = ""): void {
  if (node.type.startsWith("TS") && !runtimeTypeScriptNodes.has(node.type)) return;
  visit(node, parent, key);
  for (const [childKey, child] of Object.entries(node)) {
    if (typeof child !== "object" || child === null || childKey === "parent") continue;
    if (Array.isArray(child)) {
      for (const item of child) if (isNode(item)) walkRuntime(item, visit, node, childKey);
    } else if (isNode(child)) {
      walkRuntime(child, visit, node, childKey);
    }
  }
}

export function isNode(value: unknown): value is SyntaxNode {
  return typeof value === "object" && value !== null && typeof (value as { type?: unknown }).type === "string";
}

/** Takes away what changes only the type: `as const`, `satisfies`, `!`, parentheses. */
export function bareExpression(node: SyntaxNode): SyntaxNode {
  switch (node.type) {
    case "TSAsExpression":
    case "TSSatisfiesExpression":
    case "TSNonNullExpression":
    case "TSTypeAssertion":
    case "TSInstantiationExpression":
    case "ParenthesizedExpression":
      return bareExpression(node.expression);
    default:
      return node;
  }
}
