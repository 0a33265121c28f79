// A word and its value in a list of facts (`<dl class="facts">`).
import type { ReactNode } from "react";

export function Fact({ word, children }: { readonly word: string; readonly children: ReactNode }) {
  return (
    <div>
      <dt>{word}</dt>
      <dd>{children}</dd>
    </div>
  );
}
