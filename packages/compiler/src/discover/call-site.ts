// A call or `new` of something that one of our modules exports, with where its value goes.
import type { Binding } from "./declarations.ts";
import type { NodeOf, SyntaxNode } from "./syntax.ts";

export interface CallSite {
  /** Canonical: "tenon/api". */
  readonly module: string;
  /** As exported, with members: "api", "api.raw", "SQLDatabase.named". */
  readonly name: string;
  readonly isNew: boolean;
  readonly node: NodeOf<"CallExpression"> | NodeOf<"NewExpression">;
  readonly binding: Binding | null;
  readonly isDefaultExport: boolean;
}

/** The nth argument, unless a spread comes before it. */
export function argumentAt(site: CallSite, index: number): SyntaxNode | null {
  const before = site.node.arguments.slice(0, index + 1);
  if (before.some((argument) => argument.type === "SpreadElement")) return null;
  return before[index] ?? null;
}
