// Descriptions as JSDoc comments.

export function commentLines(text: string | undefined, indent: string): string[] {
  if (text === undefined || text.trim() === "") return [];
  const lines = text
    .trim()
    .split("\n")
    .map((line) => line.replaceAll("*/", "*\\/").trimEnd());
  if (lines.length === 1) return [`${indent}/** ${lines[0]} */`];
  return [`${indent}/**`, ...lines.map((line) => `${indent} * ${line}`.trimEnd()), `${indent} */`];
}
