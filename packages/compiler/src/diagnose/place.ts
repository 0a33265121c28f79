// Offsets -> lines and columns, both from 1, columns in UTF-16 units as editors count them.
import type { Diagnostic } from "@tenon/model";

export type Place = Pick<Diagnostic, "file" | "line" | "column" | "endLine" | "endColumn">;

export const wholeApp: Place = { file: "", line: 1, column: 1, endLine: 1, endColumn: 1 };

/** TypeScript counts from the first character behind the mark, so we do too. */
export function withoutByteOrderMark(text: string): string {
  return text.startsWith("\uFEFF") ? text.slice(1) : text;
}

/** Finds lines by halving; make one per text and ask it often. */
export class LineIndex {
  readonly #starts: number[] = [0];
  readonly #length: number;

  constructor(text: string) {
    this.#length = text.length;
    for (let at = text.indexOf("\n"); at !== -1; at = text.indexOf("\n", at + 1)) this.#starts.push(at + 1);
  }

  at(offset: number): { line: number; column: number } {
    const wanted = Math.max(0, Math.min(offset, this.#length));
    let low = 0;
    let high = this.#starts.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if (this.#starts[middle]! <= wanted) low = middle;
      else high = middle - 1;
    }
    return { line: low + 1, column: wanted - this.#starts[low]! + 1 };
  }

  place(file: string, span: { readonly start: number; readonly end: number }): Place {
    const start = this.at(span.start);
    const end = this.at(Math.max(span.start, span.end));
    return { file, line: start.line, column: start.column, endLine: end.line, endColumn: end.column };
  }
}
