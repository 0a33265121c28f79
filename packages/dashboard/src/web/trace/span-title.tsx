// What a row of the waterfall says about its span: name, and marks for what is missing, folded or wrong.
import { ErrorIcon, PartialIcon } from "../shell/icons.tsx";
import { outcomeOf } from "./span-outcome.ts";
import type { SpanNode } from "./span-tree.ts";

export function SpanTitle({ node, isFolded }: { readonly node: SpanNode; readonly isFolded: boolean }) {
  const outcome = outcomeOf(node.span);
  return (
    <>
      <span className="span-title">
        {node.missingParent && (
          <span className="partial-mark" title="Its parent has not arrived">
            <PartialIcon />
            <span className="visually-hidden">partial: its parent has not arrived. </span>
          </span>
        )}
        <span className="span-label">{node.span.name}</span>
        {isFolded && <span className="folded-count">+{node.descendants}</span>}
        {outcome !== "succeeded" && (
          <span className={`${outcome}-mark`}>
            <ErrorIcon />
            <span className="visually-hidden">{outcome}</span>
          </span>
        )}
      </span>
      {node.problemOrigin !== undefined && (
        <span className="problem-line" title={node.problemOrigin}>
          {node.problemOrigin}
        </span>
      )}
    </>
  );
}
