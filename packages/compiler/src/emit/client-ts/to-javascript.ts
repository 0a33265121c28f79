// The client without its types, as a module for programs that are not compiled.
import ts from "typescript-classic";

const blankLine = "//:blank";

/** Keeps comments and blank lines. The lines above the first blank one are comments: they are no part of any statement. */
export function toJavaScript(text: string): string {
  const headEnd = text.indexOf("\n\n") + 1;
  const marked = text.slice(headEnd).replaceAll(/\n(?=\n)/g, `\n${blankLine}`);
  const { outputText } = ts.transpileModule(marked, {
    compilerOptions: {
      target: ts.ScriptTarget.ES2022,
      module: ts.ModuleKind.ESNext,
      verbatimModuleSyntax: true,
      removeComments: false,
    },
  });
  const lines = outputText.split("\n").map((line) => (line.trim() === blankLine ? "" : halfIndented(line)));
  return `${text.slice(0, headEnd)}\n${lines.join("\n").trimStart()}`.replaceAll(/\n{3,}/g, "\n\n");
}

/** TypeScript indents by four. */
function halfIndented(line: string): string {
  return line.replace(/^(?: {4})+/, (indent) => indent.slice(indent.length / 2));
}
