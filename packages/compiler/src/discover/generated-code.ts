// What counts in a generated client file: its code. The comments describe types found by the analysis, which therefore must not
// depend on them.

/** Without comments and layout. In generated text no string looks like a comment. */
export function generatedCode(text: string): string {
  return text
    .replace(/\/\*[\s\S]*?\*\/|(?<=^|;)\s*\/\/.*$/gm, "")
    .replace(/\s+/g, " ")
    .trim();
}
